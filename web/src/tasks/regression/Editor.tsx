import { NumberInput, Slider } from "@mantine/core";
import { useRef } from "react";
import { cell } from "@/ui/format";
import { s } from "@/ui/strings";
import type { EditorProps } from "../kind";
import { clean, stepOf, task } from "./logic";
import css from "./regression.module.css";

export function Editor({ item, question, label, onChange }: EditorProps) {
  const input = useRef<HTMLInputElement>(null);
  const value = label && "value" in label ? label.value : null;
  const { min, max, unit } = question;
  const bounded = min !== null && min !== undefined && max !== null && max !== undefined && max > min;
  const outside = value === null ? null : task.problem({ value }, question);
  return (
    <div className={css.row}>
      {bounded && (
        <div className={css.slider} data-unset={value === null || undefined}>
          <Slider
            key={item.id}
            min={min}
            max={max}
            step={stepOf(question)}
            value={value ?? (min + max) / 2}
            onChange={(next) => onChange({ value: clean(next, question) })}
            label={value === null ? null : cell(value)}
            marks={[
              { value: min, label: cell(min) },
              { value: max, label: cell(max) },
            ]}
            thumbLabel={s.tasks.slider(question.name)}
            size="lg"
          />
        </div>
      )}
      <NumberInput
        ref={input}
        className={css.input}
        size="md"
        data-testid="regression-input"
        data-typed
        aria-label={question.name}
        placeholder={s.tasks.typePlaceholder}
        hideControls
        inputMode="decimal"
        allowedDecimalSeparators={[",", "."]}
        suffix={unit ? ` ${unit}` : undefined}
        value={value ?? ""}
        error={outside ?? undefined}
        onChange={(next) => onChange(typeof next === "number" ? { value: next } : next.trim() === "" || Number.isNaN(Number(next)) ? null : { value: Number(next) })}
        onKeyDown={(event) => {
          if (event.key === "Enter" && value !== null && outside === null) {
            event.preventDefault();
            input.current?.blur();
            onChange({ value }, true);
          } else if (event.key === "Escape") input.current?.blur();
          else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && value !== null) {
            event.preventDefault();
            onChange({ value: clean(value + (event.key === "ArrowUp" ? 1 : -1) * stepOf(question), question) });
          }
        }}
      />
    </div>
  );
}
