import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import css from "./explore.module.css";

const texts = s.explore.find;

interface Props {
  words: string;
  /** Whether items are texts, so that a text can be an example. */
  byExample: boolean;
  busy: boolean;
  onWords: (words: string) => void;
  onExample: (text: string) => void;
}

/** A search by words, or for what is like a text. */
export function Finder({ words, byExample, busy, onWords, onExample }: Props) {
  const [mode, setMode] = useState<"words" | "example">("words");
  const [text, setText] = useState(words);
  return (
    <form
      className={css.finder}
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (mode === "words") onWords(text.trim());
        else if (text.trim()) onExample(text.trim());
      }}
    >
      <TextInput className={css.words} value={text} onChange={(event) => setText(event.currentTarget.value)} aria-label={mode === "words" ? texts.words : texts.example} placeholder={mode === "words" ? texts.words : texts.example} leftSection={<Icon name="search" size={14} />} data-testid="find" />
      <Button type="submit" variant="default" loading={busy}>
        {texts.find}
      </Button>
      {byExample && <SegmentedControl size="xs" value={mode} onChange={(next) => setMode(next === "example" ? "example" : "words")} data={[{ value: "words", label: texts.byWords }, { value: "example", label: texts.byExample }]} aria-label={texts.mode} />}
    </form>
  );
}
