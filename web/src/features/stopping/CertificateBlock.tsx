import { Button, NumberInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useMayIn } from "@/api/projects";
import { onDay } from "@/ui/format";
import { Badge, ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { askCertificate, certificateQuery, openCertificate, type Certificate } from "./requests";
import css from "./stopping.module.css";

const texts = s.stopping.certificate;

/** What it takes to certify the goal on sealed labels, and the openings so far. */
export function CertificateBlock({ slug }: { slug: string }) {
  const client = useQueryClient();
  const may = useMayIn(slug)("project.manage");
  const { data: found, error } = useQuery(certificateQuery(slug));
  const [typed, setTyped] = useState<number | null>(null);
  const [sure, setSure] = useState(false);
  const onSuccess = (now: Certificate) => {
    client.setQueryData(["certificate", slug], now);
    setSure(false);
  };
  const onError = () => void client.invalidateQueries({ queryKey: ["certificate", slug] });
  const ask = useMutation({ mutationFn: (n: number) => askCertificate(slug, n), onSuccess, onError });
  const open = useMutation({ mutationFn: () => openCertificate(slug), onSuccess, onError });
  if (error && !found) return <ErrorNotice error={asApiError(error)} />;
  if (!found) return null;
  if (found.why !== null) return <p className="lw-quiet">{texts.cannot(found.why)}</p>;
  const n = typed ?? (found.n_asked || found.n_proposed || found.n_sealed);
  const wrong = ask.error ?? open.error;
  return (
    <div className={css.block} data-testid="certificate">
      <p>{texts.goal(found.metric, found.threshold ?? 0)}</p>
      <p className="lw-quiet lw-small">{texts.explain(found.openings, found.alpha)}</p>
      {found.n_asked === 0 && <p className="lw-small">{found.n_proposed !== null ? texts.proposed(found.n_proposed) : texts.lead(found.n_sealed, found.smallest_lead)}</p>}
      {found.n_asked > 0 && <p className="lw-small" role="status">{texts.labeled(found.n_labeled, found.n_asked)}</p>}
      {may && found.opened.length === 0 && (
        <div className={css.row}>
          <NumberInput aria-label={texts.number} className={css.number} min={1} max={found.n_sealed} allowDecimal={false} value={n} onChange={(value) => setTyped(typeof value === "number" ? value : null)} />
          <Button variant="default" loading={ask.isPending} disabled={n === found.n_asked} onClick={() => ask.mutate(n)} data-testid="ask-sealed">
            {texts.ask}
          </Button>
        </div>
      )}
      {may && found.can_open && !sure && (
        <Button onClick={() => setSure(true)} data-testid="open-sealed">
          {texts.open}
        </Button>
      )}
      {sure && (
        <div className={css.sure} role="alertdialog" aria-label={texts.open}>
          <p>{texts.sure(found.left)}</p>
          <div className={css.row}>
            <Button loading={open.isPending} onClick={() => open.mutate()} data-testid="open-sealed-sure">
              {texts.yes}
            </Button>
            <Button variant="default" onClick={() => setSure(false)}>
              {s.common.cancel}
            </Button>
          </div>
        </div>
      )}
      {wrong && <ErrorNotice error={asApiError(wrong)} />}
      {found.opened.length > 0 && (
        <ul className={css.opened}>
          {found.opened.map((one) => (
            <li key={one.at}>
              <Badge tone={one.passed ? "good" : "bad"}>{one.passed ? texts.passed : texts.failed}</Badge>
              <span>{one.passed ? texts.certified(found.metric, one.threshold, one.alpha) : texts.notCertified(found.metric, one.threshold)}</span>
              <span className="lw-quiet lw-small">{texts.by(one.cycle, one.n, onDay(one.at), one.by)}</span>
            </li>
          ))}
        </ul>
      )}
      {found.opened.length > 0 && <p className="lw-quiet lw-small">{texts.left(found.left, found.openings)}</p>}
    </div>
  );
}
