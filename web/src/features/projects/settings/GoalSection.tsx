import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { metricsQuery } from "@/api/choices";
import type { NewGoal, ProjectDetail } from "@/api/types";
import { day } from "@/ui/format";
import { s } from "@/ui/strings";
import { fromGoal, goalProblem, metricsOf, NO_GOAL, toGoal, type GoalForm } from "../goal";
import { GoalFields } from "../GoalFields";
import { changeGoal } from "./requests";
import { Section } from "./Section";
import { useSaved } from "./useSaved";

export function GoalSection({ project }: { project: ProjectDetail }) {
  const stored = project.goal_details;
  const { task } = project.question;
  const metrics = metricsOf(useQuery(metricsQuery).data?.items ?? [], task);
  const [typed, setTyped] = useState<GoalForm | null>(null);
  const form = typed ?? fromGoal(stored);
  const saved = useSaved<NewGoal | null>(project.slug, async (goal) => {
    await changeGoal(project.slug, goal, project.settings_version);
    setTyped(null);
  });
  const problem = goalProblem(form, day(), stored);
  const wanted = toGoal(form, metrics);
  const clean = JSON.stringify(wanted) === JSON.stringify(toGoal(fromGoal(stored), metrics)) && problem === null;
  return (
    <Section
      {...saved}
      title={s.goal.title}
      clean={clean}
      blocked={problem !== null || wanted === null}
      onSave={() => saved.save(wanted)}
      testid="settings-goal"
      more={
        stored && (
          <Button
            variant="default"
            disabled={saved.pending}
            onClick={() => {
              setTyped(NO_GOAL);
              saved.save(null);
            }}
          >
            {s.settings.removeGoal}
          </Button>
        )
      }
    >
      <GoalFields form={form} task={task} problem={problem} onChange={setTyped} />
    </Section>
  );
}
