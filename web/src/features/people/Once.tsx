import { Button, CopyButton } from "@mantine/core";
import { s } from "@/ui/strings";
import css from "./people.module.css";

/** A secret that is shown this one time. */
export function Once({ text, value }: { text: string; value: string }) {
  return (
    <div className={css.once} role="status">
      <p>{text}</p>
      <div>
        <code data-testid="once">{value}</code>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? s.common.copied : s.common.copy}
            </Button>
          )}
        </CopyButton>
      </div>
    </div>
  );
}
