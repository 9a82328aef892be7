import { Button } from "@mantine/core";
import { save } from "@/ui/download";
import { Download } from "@/ui/Download";
import { moment } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import css from "./audit.module.css";
import { evidenceUrl, type AuditLine, type AuditLog } from "./requests";

const texts = s.audit;
const COLUMNS = ["seq", "at", "kind", "by", "human", "item", "hash", "body"] as const;

/** The signed head of the chain, as a receipt to be kept elsewhere. */
export function Seal({ slug, receipt, lines }: { slug: string; receipt: AuditLog["receipt"]; lines: readonly AuditLine[] }) {
  const keep = () => save(`${slug}.receipt.json`, new Blob([`${JSON.stringify(receipt, null, 2)}\n`], { type: "application/json" }));
  return (
    <section className={`lw-panel ${css.seal}`} data-testid="seal">
      <Icon name="check" size={22} />
      <div>
        <b>{texts.seal}</b> <span className="lw-quiet lw-small">{moment(receipt.at)}</span>
        <p className="lw-num">{texts.sealText(receipt.seq, receipt.hash)}</p>
        <p className="lw-quiet lw-small">{texts.sealHow}</p>
        <p className="lw-quiet lw-small">{texts.evidenceHow}</p>
      </div>
      <span className={css.files}>
        <Button size="compact-sm" variant="default" onClick={keep} data-testid="receipt">
          {texts.receipt}
        </Button>
        <Button size="compact-sm" variant="default" component="a" href={evidenceUrl(slug)} download data-testid="evidence">
          {texts.evidence}
        </Button>
        <Download name={texts.file(slug)} columns={COLUMNS} rows={lines.map(({ seq, at, kind, by, is_human, item, hash, body }) => ({ seq, at, kind, by, item, hash, human: is_human ? texts.human : texts.automatic, body: JSON.stringify(body) }))} />
      </span>
    </section>
  );
}
