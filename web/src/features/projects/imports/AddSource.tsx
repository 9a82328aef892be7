import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { projectQuery } from "@/api/projects";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { StartFromFields } from "../create/StartFromFields";
import { NOTHING, toStartFrom, type StartFrom } from "../create/startFrom";
import { changedItems } from "../refresh";
import css from "./imports.module.css";
import { addSource } from "./requests";

/** Labels of another project or file, for a project whose main question has one class an item. */
export function AddSource({ slug }: { slug: string }) {
  const client = useQueryClient();
  const project = useQuery(projectQuery(slug)).data;
  const [from, setFrom] = useState<StartFrom>(NOTHING);
  const source = toStartFrom(from);
  const add = useMutation({
    mutationFn: (wanted: NonNullable<typeof source>) => addSource(slug, wanted),
    onSuccess: () => changedItems(client, slug),
  });
  if (!project?.kind || project.question.task !== "classification") return null;
  return (
    <>
      <StartFromFields kind={project.kind} without={slug} text={s.imports.sourceText} from={from} onChange={setFrom} />
      {source !== null && (
        <div className={css.buttons}>
          <Button size="compact-md" loading={add.isPending} onClick={() => add.mutate(source)} data-testid="add-source">
            {s.imports.addSource}
          </Button>
        </div>
      )}
      {add.error && <ErrorNotice error={asApiError(add.error)} />}
      {add.data && (
        <div data-testid="added-source">
          <Notice tone="warn" icon="check">
            {s.imports.addedSource(add.data.added, add.data.corrected, add.data.known)}
          </Notice>
        </div>
      )}
    </>
  );
}
