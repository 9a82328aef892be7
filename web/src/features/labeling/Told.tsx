import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { KeyCap, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Pair } from "./Pair";
import { fetchFeedback } from "./requests";
import type { LabelStore } from "./store";
import type { Done } from "./state";

interface Props {
  slug: string;
  last: Done | undefined;
  store: LabelStore;
  onCorrect: (done: Done) => void;
}

/** What the person is told about the last answer: the known one, or that a sure model differs. Nothing waits for it. */
export function Told({ slug, last, store, onCorrect }: Props) {
  const given = last?.given.find((one) => one.kind === "answer" && one.annotationId !== null && !one.ref.startsWith("a_"));
  const annotation = given?.annotationId ?? null;
  const [closed, setClosed] = useState<string | null>(null);
  const told = useQuery({
    queryKey: ["feedback", slug, annotation],
    queryFn: () => fetchFeedback(slug, annotation ?? ""),
    enabled: annotation !== null,
    retry: false,
    staleTime: Infinity,
  }).data;
  useEffect(() => {
    if (annotation !== null && (told?.ask_back || told?.pair)) store.dispatch({ type: "askedBack", annotationId: annotation });
  }, [annotation, store, told]);
  if (!last || !given || !told || closed === annotation) return null;
  const { known } = told;
  if (!known && !told.ask_back && !told.pair) return null;
  const close = (
    <Button size="compact-sm" variant="default" onClick={() => setClosed(annotation)}>
      {s.common.dismiss}
    </Button>
  );
  if (known) {
    if (known.right) return <p className="lw-quiet lw-small" role="status">{s.label.knownRight(known.label)}</p>;
    return (
      <Notice tone="warn" action={close}>
        <p>{s.label.knownWrong(known.label, given.summary)}</p>
        {known.rule && <p className="lw-small" dir="auto">{known.rule}</p>}
      </Notice>
    );
  }
  if (told.pair && !told.ask_back) return <Pair pair={told.pair} own={given.summary} onCorrect={() => onCorrect(last)} onClose={() => setClosed(annotation)} />;
  return (
    <Notice
      tone="warn"
      action={
        <>
          <Button size="compact-sm" variant="default" rightSection={<KeyCap>Shift+1</KeyCap>} onClick={() => onCorrect(last)}>
            {s.label.lookAtIt}
          </Button>{" "}
          {close}
        </>
      }
    >
      <p>{s.label.askBack(given.summary)}</p>
    </Notice>
  );
}
