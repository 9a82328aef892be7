import { Button, Select, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { projectQuery } from "@/api/projects";
import type { ProjectDetail } from "@/api/types";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./progress.module.css";
import { writeGuidelines } from "./requests";

/** Edits the guidelines of each question. A text that was typed stays until it is saved, whatever others change meanwhile. */
export function EditGuidelines({ project, onDone }: { project: ProjectDetail; onDone?: () => void }) {
  const { slug, questions } = project;
  const client = useQueryClient();
  const [id, setId] = useState(project.question.id);
  const [texts, setTexts] = useState<Record<string, string>>({});
  // What the person has seen: a save is refused if the settings have moved on since.
  const [seen, setSeen] = useState(project);
  const [conflict, setConflict] = useState(false);
  const stored = guidelinesOf(seen, id);
  const text = texts[id] ?? stored;

  const refresh = async () => {
    await client.invalidateQueries({ queryKey: ["project", slug] });
    setSeen(await client.fetchQuery(projectQuery(slug)));
  };
  const write = useMutation({
    mutationFn: () => writeGuidelines(slug, { markdown: text, question: id, settings_version: seen.settings_version }),
    onSuccess: async () => {
      const others = Object.entries(texts).filter(([question]) => question !== id);
      setConflict(false);
      setTexts(Object.fromEntries(others));
      await refresh();
      if (others.length === 0) onDone?.();
    },
    onError: async (thrown) => {
      if (asApiError(thrown).code !== "conflict") return;
      await refresh();
      setTexts((now) => ({ ...now, [id]: text }));
      setConflict(true);
    },
  });
  const error = write.error && asApiError(write.error);

  return (
    <div className={css.stack}>
      {questions.length > 1 && (
        <Select
          label={s.progress.guidelinesOf}
          allowDeselect={false}
          value={id}
          onChange={(next) => next && setId(next)}
          data={questions.map((one) => ({ value: one.id, label: texts[one.id] === undefined ? one.name : s.progress.unsavedText(one.name) }))}
        />
      )}
      <Textarea
        aria-label={s.progress.guidelines}
        autosize
        minRows={12}
        maxRows={24}
        value={text}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          setTexts((now) => ({ ...now, [id]: typed }));
        }}
        data-autofocus
        data-testid="guidelines-text"
      />
      {conflict && (
        <Notice tone="warn">
          <p>{s.progress.conflict}</p>
          {stored !== text && (
            <details className={css.theirs}>
              <summary>{s.progress.theirText}</summary>
              <pre dir="auto">{stored || s.progress.noText}</pre>
              <Button size="compact-sm" variant="default" onClick={() => setTexts((now) => ({ ...now, [id]: stored }))}>
                {s.progress.takeTheirs}
              </Button>
            </details>
          )}
        </Notice>
      )}
      {error && error.code !== "conflict" && <ErrorNotice error={error} />}
      <Button onClick={() => write.mutate()} loading={write.isPending} disabled={text === stored} data-testid="guidelines-save">
        {conflict ? s.progress.saveAnyway : s.progress.saveGuidelines}
      </Button>
    </div>
  );
}

/** The editor on a page of its own. */
export function GuidelinesOfProject({ slug }: { slug: string }) {
  const project = useQuery(projectQuery(slug)).data;
  return project ? <EditGuidelines project={project} /> : null;
}

function guidelinesOf(project: ProjectDetail, question: string): string {
  return project.questions.find((one) => one.id === question)?.guidelines.markdown ?? "";
}
