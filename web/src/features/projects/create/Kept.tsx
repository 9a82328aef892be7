import { Button } from "@mantine/core";
import { Notice } from "@/ui/parts";
import { s } from "@/ui/strings";

interface Props {
  file: string | null;
  /** The file that was sent is not there any more. */
  isGone: boolean;
  onForget: () => void;
}

/** The choices of an import that failed wait for a file. */
export function Kept({ file, isGone, onForget }: Props) {
  const forget = (
    <Button size="compact-sm" variant="default" onClick={onForget}>
      {s.create.startOver}
    </Button>
  );
  return (
    <div data-testid="kept">
      <Notice tone="warn" action={forget}>
        {isGone && <p>{s.create.uploadGone(file)}</p>}
        <p>{s.create.choicesKept}</p>
      </Notice>
    </div>
  );
}
