import { Choices } from "../Choices";
import type { EditorProps } from "../kind";
import { toggle } from "./logic";

export function Editor({ item, question, label, live, onChange, onAddLabel }: EditorProps) {
  const chosen = label && "labels" in label ? label.labels : null;
  return (
    <Choices
      key={question.labels.length > 10 ? "search" : item.id}
      itemId={item.id}
      question={question}
      live={live}
      chosen={chosen ?? []}
      role="checkbox"
      none={{ chosen: chosen?.length === 0, onPick: () => onChange({ labels: [] }) }}
      onPick={(one) => onChange(toggle(label, one.id, question))}
      onSubmit={() => onChange(label, true)}
      onAddLabel={onAddLabel}
    />
  );
}
