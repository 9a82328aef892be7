/** Buttons for labels: all of them with their digit, or a search where there are many. */
import { TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { Label, Question } from "@/api/types";
import { classColor } from "@/ui/colors";
import { Icon } from "@/ui/Icon";
import { KeyCap } from "@/ui/parts";
import { s } from "@/ui/strings";
import { setLettersSearch } from "@/actions/letters";
import { ALL_SHOWN, digitIn, search } from "./choice";
import { remember, useRecents } from "./recent";
import css from "./choices.module.css";

interface Props {
  itemId: string;
  question: Question;
  live: boolean;
  chosen: string[];
  role: "radio" | "checkbox";
  onPick: (label: Label, done: boolean) => void;
  onSubmit?: () => void;
  none?: { chosen: boolean; onPick: () => void };
  onAddLabel?: ((name: string) => Promise<Label>) | undefined;
}

export function Choices({ itemId, question, live, chosen, role, onPick, onSubmit, none, onAddLabel }: Props) {
  const [typed, setTyped] = useState("");
  const [of, setOf] = useState(itemId);
  const [failed, setFailed] = useState("");
  const [at, setAt] = useState(0);
  useRecents(question.id);
  const box = useRef<HTMLDivElement>(null);
  if (of !== itemId) {
    setOf(itemId);
    setTyped("");
    setFailed("");
    setAt(0);
  }
  const many = question.labels.length > ALL_SHOWN || (onAddLabel !== undefined && question.open);
  const matches = many ? search(question.labels, typed) : question.labels;
  const exact = question.labels.some((label) => label.name.toLowerCase() === typed.trim().toLowerCase());
  const best = typed.trim() === "" ? undefined : matches[Math.min(at, matches.length - 1)];
  const last = chosen.at(-1);
  const tabStop = matches.find((label) => chosen.includes(label.id)) ?? matches[0];

  useEffect(() => {
    if (many) box.current?.querySelector("[data-on=true]")?.scrollIntoView({ block: "nearest" });
  }, [last, many]);

  useEffect(() => {
    if (!many || !live) return;
    setLettersSearch(true);
    return () => {
      setLettersSearch(false);
    };
  }, [many, live]);

  const pick = (label: Label) => {
    remember(question.id, label.id);
    onPick(label, true);
  };

  const add = () => {
    const name = typed.trim();
    if (!onAddLabel || name === "") return;
    onAddLabel(name).then(
      (label) => onPick(label, role === "radio"),
      (error: unknown) => setFailed(error instanceof Error ? error.message : String(error)),
    );
  };

  return (
    <div className={css.choices} data-live={live}>
      {many && (
        <TextInput
          className={css.search}
          data-label-search
          aria-label={s.tasks.searchLabels(question.labels.length)}
          placeholder={s.tasks.searchLabels(question.labels.length)}
          leftSection={<Icon name="search" />}
          rightSection={typed === "" && live ? <KeyCap>/</KeyCap> : undefined}
          error={failed || undefined}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              setTyped("");
              event.currentTarget.blur();
            }
            const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
            if (by !== 0 && matches.length > 0) {
              event.preventDefault();
              setAt((Math.min(at, matches.length - 1) + by + matches.length) % matches.length);
            }
            if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
            event.preventDefault();
            if (best) pick(best);
            else if (typed.trim() !== "") add();
            else onSubmit?.();
            setTyped("");
            setAt(0);
            event.currentTarget.blur();
          }}
        />
      )}
      <div ref={box} className={css.buttons} data-many={many || undefined} data-short={question.labels.every((label) => label.name.length <= 3) || undefined} role={role === "radio" ? "radiogroup" : "group"} aria-label={question.name}>
        {matches.map((label) => {
          const index = question.labels.indexOf(label);
          const on = chosen.includes(label.id);
          const digit = digitIn(question, index);
          return (
            <button
              key={label.id}
              type="button"
              role={role}
              aria-checked={on}
              data-choice
              data-on={on}
              data-best={label === best || undefined}
              data-testid={`label-choice-${label.id}`}
              className={css.button}
              style={{ "--class": classColor(index) }}
              tabIndex={many && label !== tabStop ? -1 : undefined}
              onClick={() => pick(label)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && onSubmit) {
                  event.preventDefault();
                  onSubmit();
                }
              }}
            >
              {digit !== null && !(none && digit === "0") && <KeyCap>{digit}</KeyCap>}
              <span dir="auto" className={css.name}>{breakable(label.name)}</span>
            </button>
          );
        })}
        {none && (
          <button type="button" role="checkbox" aria-checked={none.chosen} data-choice data-on={none.chosen} data-testid="label-choice-none" className={css.button} style={{ "--class": "#8a8f99" }} onClick={none.onPick}>
            <KeyCap>0</KeyCap>
            <span className={css.name}>{s.tasks.none}</span>
          </button>
        )}
        {onAddLabel && question.open && typed.trim() !== "" && !exact && (
          <button type="button" className={css.button} style={{ "--class": "transparent" }} onClick={add} data-testid="label-add">
            <Icon name="plus" />
            <span className={css.name}>{s.tasks.addLabel(typed.trim())}</span>
          </button>
        )}
      </div>
    </div>
  );
}

/** Lets long names_like_this break at their joints. */
function breakable(name: string): string {
  return name.replaceAll(/([_/.-])(?=\w)/g, "$1\u200b");
}
