import { Button } from "@mantine/core";
import { Notice } from "@/ui/parts";
import { s } from "@/ui/strings";

interface Props {
  file: string | null;
  /** The file that was sent is not there any more. */
  isGone: boolean;
  /** They are what a plan proposes, and of no import that failed. */
  isPlan: boolean;
  onForget: () => void;
}

/** The choices of an import that failed, or of a plan, wait for a file. */
export function Kept({ file, isGone, isPlan, onForget }: Props) {
  const forget = (
    <Button size="compact-sm" variant="default" onClick={onForget}>
      {s.create.startOver}
    </Button>
  );
  return (
    <div data-testid="kept">
      <Notice tone="warn" action={forget}>
        {isGone && !isPlan && <p>{s.create.uploadGone(file)}</p>}
        <p>{isPlan ? s.create.planKept(file) : s.create.choicesKept}</p>
      </Notice>
    </div>
  );
}
