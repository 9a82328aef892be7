import { Choices } from "../Choices";
import type { EditorProps } from "../kind";

export function Editor({ item, question, label, live, onChange, onAddLabel }: EditorProps) {
  const chosen = label && "label" in label ? [label.label] : [];
  return (
    <Choices
      key={question.labels.length > 10 ? "search" : item.id}
      itemId={item.id}
      question={question}
      live={live}
      chosen={chosen}
      role="radio"
      onPick={(one, done) => onChange({ label: one.id }, done)}
      onAddLabel={onAddLabel}
    />
  );
}
