import { Badge, Button, Progress, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useMayIn } from "@/api/projects";
import { ErrorNotice } from "@/ui/parts";
import { ago } from "@/ui/format";
import { s } from "@/ui/strings";
import css from "./progress.module.css";
import { encodersQuery, nameEncoders, type Encoder, type Encoders as All } from "./requests";

const texts = s.encoders;

/** Which encoder makes the features, why, and how far the others are. */
export function Encoders({ slug }: { slug: string }) {
  const { data: found, error } = useQuery(encodersQuery(slug));
  const may = useMayIn(slug);
  if (error && !found) return <ErrorNotice error={asApiError(error)} />;
  if (!found) return <p className="lw-quiet lw-small">{s.common.loading}</p>;
  return (
    <div className={css.control} data-testid="encoders">
      {found.why && <p>{found.why}</p>}
      <div className={css.encoders}>
        {found.encoders.map((one) => (
          <Row key={one.spec} one={one} found={found} />
        ))}
      </div>
      {found.measure && found.n_labels !== null && found.at && (
        <p className="lw-quiet lw-small">{texts.compared(found.measure, found.n_labels, ago(found.at))}</p>
      )}
      {found.fits.length > 0 && <Fits found={found} />}
      <p className="lw-quiet lw-small">{found.encoders.length > 1 ? texts.several : texts.one}</p>
      {may("project.manage") && <Name slug={slug} found={found} />}
    </div>
  );
}

function Row({ one, found }: { one: Encoder; found: All }) {
  const share = found.n_items ? (100 * one.n_encoded) / found.n_items : 0;
  return (
    <div className={css.encoder} data-testid={`encoder-${one.spec}`}>
      <div>
        <strong>{one.spec}</strong> {one.serves && <Badge size="sm">{texts.serves}</Badge>}
        {one.gain && <div className="lw-small" data-testid={`gain-${one.spec}`}>{one.gain}</div>}
        {one.licence && <div className="lw-quiet lw-small">{texts.licence(one.licence)}</div>}
      </div>
      <div data-testid={`model-${one.spec}`}>{one.model && texts.model(one.model, one.serves)}</div>
      <div className="lw-num">
        {texts.of(one.n_encoded, found.n_items)}
        {share < 100 && <Progress value={share} size="xs" aria-label={texts.encoded} />}
      </div>
      <div className="lw-num lw-small">
        {one.p_best !== null && (
          <>
            {texts.best} {Math.round(100 * one.p_best)} %{one.loss !== null && `, ${texts.loss} ${one.loss.toFixed(3)}`}
          </>
        )}
      </div>
    </div>
  );
}

/** Each pair of encoder and learner at the last comparison, the likeliest first. */
function Fits({ found }: { found: All }) {
  const several = new Set(found.fits.map((fit) => fit.spec)).size > 1;
  return (
    <details data-testid="fits">
      <summary>{texts.fits(found.fits.length)}</summary>
      <div className={css.encoders}>
        {found.fits.map((fit) => (
          <div key={`${fit.model} ${fit.spec}`} className={css.fit}>
            <div>
              {several ? texts.pair(fit.model, fit.spec) : fit.model} {fit.serves && <Badge size="sm">{texts.serves}</Badge>}
            </div>
            <div className="lw-num lw-small">
              {texts.best} {Math.round(100 * fit.p_best)} %, {texts.loss} {fit.loss.toFixed(3)}
            </div>
          </div>
        ))}
      </div>
    </details>
  );
}

function Name({ slug, found }: { slug: string; found: All }) {
  const [text, setText] = useState<string | null>(null);
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: (named: string[]) => nameEncoders(slug, named),
    onSuccess: (now) => {
      client.setQueryData(encodersQuery(slug).queryKey, now);
      setText(null);
    },
  });
  if (text === null) {
    return (
      <Button size="xs" variant="default" onClick={() => setText(found.encoders.map((one) => one.spec).join(", "))}>
        {texts.change}
      </Button>
    );
  }
  const named = text.split(",").map((part) => part.trim()).filter(Boolean);
  return (
    <form
      className={css.nameEncoders}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate(named);
      }}
    >
      <TextInput label={texts.field} description={texts.fieldHint} value={text} onChange={(event) => setText(event.currentTarget.value)} error={saving.error ? asApiError(saving.error).message : undefined} data-autofocus />
      <Button type="submit" size="xs" loading={saving.isPending} disabled={named.length === 0}>
        {texts.save}
      </Button>
      <Button size="xs" variant="subtle" onClick={() => setText(null)}>
        {s.common.cancel}
      </Button>
    </form>
  );
}
