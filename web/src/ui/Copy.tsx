/** A button that copies a text; where the browser has no clipboard (plain http), by way of a selection. */
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { s } from "./strings";

const SHOWN_MS = 2000;

export function Copy({ value }: { value: string }) {
  const [result, setResult] = useState<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => setResult(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [result]);
  const text = result === null ? s.common.copy : result === "copied" ? s.common.copied : s.common.copyFailed;
  return (
    <Button variant="default" onClick={(event) => void copy(value, event.currentTarget).then((done) => setResult(done ? "copied" : "failed"))}>
      <span role="status">{text}</span>
    </Button>
  );
}

async function copy(value: string, near: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    return copySelected(value, near);
  }
}

/** The field stands beside the button: a dialog that traps the focus would take the selection away elsewhere. */
function copySelected(value: string, near: HTMLElement): boolean {
  const field = document.createElement("textarea");
  field.value = value;
  field.className = "lw-hidden";
  near.after(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  near.focus();
  return done;
}
