import { ActionIcon, Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { projectsQuery } from "@/api/projects";
import type { ProjectGiven, ProjectRole } from "@/api/types";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import css from "./people.module.css";
import { projectChoices } from "./roles";

interface Props {
  given: readonly ProjectGiven[];
  busy?: boolean;
  onGive: (given: ProjectGiven) => void;
  onTake: (slug: string) => void;
}

/** The single projects of a person, each with its role, and a line to add one. */
export function GivenProjects({ given, busy = false, onGive, onTake }: Props) {
  const projects = useQuery(projectsQuery).data?.items ?? [];
  const [slug, setSlug] = useState<string | null>(null);
  const [role, setRole] = useState<ProjectRole>("annotator");
  const free = projects.filter((one) => one.state !== "failed" && !given.some((other) => other.slug === one.slug));
  return (
    <div className={css.given}>
      {given.map((one) => (
        <div key={one.slug} className={css.givenLine}>
          <span className="lw-clip">{one.slug}</span>
          <Select
            aria-label={`${s.people.role}: ${one.slug}`}
            allowDeselect={false}
            disabled={busy}
            value={one.role}
            data={projectChoices}
            onChange={(next) => next && onGive({ slug: one.slug, role: next })}
          />
          <ActionIcon variant="subtle" color="gray" size="lg" disabled={busy} onClick={() => onTake(one.slug)} aria-label={s.people.removeProject(one.slug)} title={s.people.removeProject(one.slug)}>
            <Icon name="close" />
          </ActionIcon>
        </div>
      ))}
      {free.length > 0 && (
        <div className={`${css.givenLine} ${css.newLine}`}>
          <Select
            aria-label={s.people.chooseProject}
            placeholder={s.people.chooseProject}
            searchable
            value={slug}
            onChange={setSlug}
            data={free.map((one) => ({ value: one.slug, label: one.title && one.title !== one.slug ? `${one.title} (${one.slug})` : one.slug }))}
            data-testid="choose-project"
          />
          <Select aria-label={s.people.role} allowDeselect={false} value={role} data={projectChoices} onChange={(next) => next && setRole(next)} data-testid="choose-role" />
          <Button
            variant="default"
            px="sm"
            loading={busy}
            disabled={slug === null}
            onClick={() => {
              if (slug === null) return;
              onGive({ slug, role });
              setSlug(null);
            }}
            data-testid="add-project"
          >
            {s.people.addProject}
          </Button>
        </div>
      )}
    </div>
  );
}
