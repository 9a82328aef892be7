import { Button } from "@mantine/core";
import { Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { outbox, useOutbox } from "./sender";

/** Answers that the server did not take. They stay here until the person has seen them. */
export function Refused() {
  const { refused } = useOutbox();
  const [first] = refused;
  if (!first?.refused) return null;
  const { message, hint } = first.refused;
  return (
    <Notice
        tone="bad"
        action={
          <Button size="compact-sm" variant="default" onClick={() => outbox.dismiss(first.id)}>
            {s.common.dismiss}
          </Button>
        }
      >
        <p>
          <b>{s.label.refused(first.title, refused.length)}</b> {message}
        </p>
        {hint && <p className="lw-small lw-quiet">{hint}</p>}
    </Notice>
  );
}
