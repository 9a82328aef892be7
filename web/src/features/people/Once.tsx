import { Copy } from "@/ui/Copy";
import css from "./people.module.css";

/** A secret that is shown this one time. */
export function Once({ text, value, more }: { text: string; value: string; more?: string }) {
  return (
    <div className={css.once}>
      <p role="status">{text}</p>
      <div>
        <code data-testid="once">{value}</code>
        <Copy value={value} />
      </div>
      {more !== undefined && <p className="lw-small lw-quiet">{more}</p>}
    </div>
  );
}
