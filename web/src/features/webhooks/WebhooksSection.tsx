import { Button, Checkbox, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { Copy } from "@/ui/Copy";
import { moment } from "@/ui/format";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { putWebhook, removeWebhook, webhooksQuery, type Webhook, type WebhookKind } from "./requests";
import css from "./webhooks.module.css";

const texts = s.webhooks;
const KINDS = ["label", "round", "verdict", "drift"] as const;

/** The addresses that are told of a project's events, and a field for one more. */
export function WebhooksSection({ slug }: { slug: string }) {
  const stored = useQuery(webhooksQuery(slug));
  if (stored.error) return <ErrorNotice error={asApiError(stored.error)} />;
  if (!stored.data) return null;
  const { items, hosts } = stored.data;
  return (
    <div className={css.section} data-testid="settings-webhooks">
      <p className="lw-quiet lw-small">{texts.text}</p>
      {items.length === 0 ? (
        hosts.length > 0 && <p className="lw-quiet lw-small">{texts.empty}</p>
      ) : (
        <ul className={css.list}>
          {items.map((hook) => (
            <li key={hook.id}>
              <Hook slug={slug} hook={hook} />
            </li>
          ))}
        </ul>
      )}
      {hosts.length > 0 ? <NewHook slug={slug} hosts={hosts} /> : <p className="lw-quiet lw-small">{texts.off}</p>}
    </div>
  );
}

/** One address: what it is told of, how far it has been told, and the end of it, asked for twice. */
function Hook({ slug, hook }: { slug: string; hook: Webhook }) {
  const client = useQueryClient();
  const [kinds, setKinds] = useState<WebhookKind[]>(hook.kinds);
  const [asked, setAsked] = useState(false);
  const again = () => client.invalidateQueries({ queryKey: ["webhooks", slug] });
  const save = useMutation({ mutationFn: () => putWebhook(slug, hook.url, kinds), onSuccess: again });
  const remove = useMutation({ mutationFn: () => removeWebhook(slug, hook.id), onSuccess: again });
  const error = save.error ?? remove.error;
  return (
    <div className={css.hook}>
      <span className={css.url}>{hook.url}</span>
      <Kinds value={kinds} onChange={setKinds} />
      {hook.reason === null ? (
        <span className="lw-quiet lw-small">{texts.told(hook.told_seq)}</span>
      ) : (
        <Notice tone="warn">{texts.waiting(moment(hook.waiting_since ?? ""), hook.reason)}</Notice>
      )}
      {error && <ErrorNotice error={asApiError(error)} />}
      <div className={css.buttons}>
        <Button size="xs" disabled={kinds.length === 0 || kinds.join() === hook.kinds.join()} loading={save.isPending} onClick={() => save.mutate()}>
          {texts.save}
        </Button>
        {asked ? (
          <>
            <span className="lw-small">{texts.removeTitle}</span>
            <Button size="xs" color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
              {texts.remove}
            </Button>
            <Button size="xs" variant="default" onClick={() => setAsked(false)}>
              {s.common.cancel}
            </Button>
          </>
        ) : (
          <Button size="xs" variant="default" onClick={() => setAsked(true)}>
            {texts.remove}
          </Button>
        )}
      </div>
    </div>
  );
}

function NewHook({ slug, hosts }: { slug: string; hosts: string[] }) {
  const client = useQueryClient();
  const [url, setUrl] = useState("");
  const [kinds, setKinds] = useState<WebhookKind[]>([...KINDS]);
  const add = useMutation({
    mutationFn: () => putWebhook(slug, url.trim(), kinds),
    onSuccess: () => {
      setUrl("");
      return client.invalidateQueries({ queryKey: ["webhooks", slug] });
    },
  });
  return (
    <div className={css.new}>
      <TextInput label={texts.url} description={texts.hosts(hosts)} placeholder={texts.urlHint} value={url} onChange={(event) => setUrl(event.currentTarget.value)} />
      <Kinds value={kinds} onChange={setKinds} />
      {add.error && <ErrorNotice error={asApiError(add.error)} />}
      {add.data?.secret && (
        <div className={css.secret} role="status">
          <span>{texts.secret}</span>
          <div>
            <code data-testid="webhook-secret">{add.data.secret}</code>
            <Copy value={add.data.secret} />
          </div>
          <span className="lw-small lw-quiet">{texts.secretMore}</span>
        </div>
      )}
      <div className={css.buttons}>
        <Button disabled={url.trim() === "" || kinds.length === 0} loading={add.isPending} onClick={() => add.mutate()}>
          {texts.add}
        </Button>
      </div>
    </div>
  );
}

function Kinds({ value, onChange }: { value: WebhookKind[]; onChange: (kinds: WebhookKind[]) => void }) {
  return (
    <div className={css.kinds} role="group" aria-label={texts.kinds}>
      {KINDS.map((kind) => (
        <Checkbox key={kind} label={texts.kindNames[kind]} checked={value.includes(kind)} onChange={(event) => onChange(KINDS.filter((one) => (one === kind ? event.currentTarget.checked : value.includes(one))))} />
      ))}
    </div>
  );
}
