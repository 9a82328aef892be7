import { Button, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { Link } from "@tanstack/react-router";
import type { ProjectDetail, Queue } from "@/api/types";
import { Empty } from "@/ui/parts";
import { s } from "@/ui/strings";

interface Props {
  because: NonNullable<Queue["empty_because"]>;
  waiting: Queue["empty"] | null;
  project: ProjectDetail;
  onRetry: () => void;
}

/** Why there is nothing to label now, and the one next step. */
export function EmptyWork({ because, waiting, project, onRetry }: Props) {
  // The reason may hold for a moment only (the first ranking is being made), so it is not shown at once.
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  const text = s.label.empty[because];
  const step = project.import_state;
  const progress = project.permissions.includes("progress.read") && because !== "importing";
  return (
    <Empty
      title={text.title}
      action={
        because === "training" ? (
          <Button component={Link} to="/p/$slug/calibrate" params={{ slug: project.slug } as never}>
            {s.label.toTraining}
          </Button>
        ) : progress ? (
          <Button component={Link} to="/p/$slug/progress" params={{ slug: project.slug } as never} variant="default">
            {s.label.seeProgress}
          </Button>
        ) : (
          <Button variant="default" onClick={onRetry}>
            {s.label.lookAgain}
          </Button>
        )
      }
    >
      {text.text}
      {waiting ? <Where waiting={waiting} /> : null}
      {because === "importing" && step ? ` ${step.phase} ${step.done}${step.total ? ` / ${step.total}` : ""}` : ""}
    </Empty>
  );
}

/** Where the items are that this person does not get, in figures. */
function Where({ waiting }: { waiting: NonNullable<Queue["empty"]> }) {
  const until = waiting.until ? new Date(waiting.until).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : null;
  const lines = [
    waiting.lent_out > 0 ? s.label.lentOut(waiting.lent_out, until) : null,
    waiting.wait_for_others > 0 ? s.label.waitForOthers(waiting.wait_for_others) : null,
    waiting.set_aside > 0 ? s.label.setAside(waiting.set_aside) : null,
  ].filter((line) => line !== null);
  return lines.length ? <Text component="span" display="block" mt="sm" size="sm">{lines.join(" ")}</Text> : null;
}
