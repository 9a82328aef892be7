import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { projectQuery } from "@/api/projects";
import { moment } from "@/ui/format";
import { Badge, Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./calibration.module.css";
import { OpenDialog } from "./OpenDialog";
import { sessionsQuery, type Line } from "./requests";

/** The sessions of a project; those that wait for the person come first. */
export function SessionsPage({ slug }: { slug: string }) {
  const [opening, setOpening] = useState(false);
  const project = useQuery(projectQuery(slug)).data;
  const sessions = useQuery(sessionsQuery(slug));
  const leads = project?.permissions.includes("project.manage") ?? false;
  const lines = sessions.data?.items;
  const open = leads && (
    <Button onClick={() => setOpening(true)} data-testid="open-session">
      {s.calibration.open}
    </Button>
  );
  return (
    <Page title={s.calibration.title} actions={lines && lines.length > 0 && open}>
      {sessions.error && <ErrorNotice error={asApiError(sessions.error)} />}
      {sessions.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {lines?.length === 0 && (
        <div className="lw-panel">
          <Empty title={s.calibration.emptyTitle} action={open}>
            {s.calibration.empty} {leads && s.calibration.emptyLead}
          </Empty>
        </div>
      )}
      {lines && lines.length > 0 && (
        <ul className={css.sessions} aria-label={s.calibration.title}>
          {lines.map((line) => (
            <SessionRow key={line.id} slug={slug} line={line} />
          ))}
        </ul>
      )}
      {project && opening && <OpenDialog project={project} onClose={() => setOpening(false)} />}
    </Page>
  );
}

function SessionRow({ slug, line }: { slug: string; line: Line }) {
  const waits = line.invited && line.state === "open" && line.n_answered < line.n_items;
  const { result } = line;
  return (
    <li className={css.session} data-testid="session">
      <div>
        <Link to="/p/$slug/calibrate/$id" params={{ slug, id: line.id }} className={css.name} dir="auto">
          {line.title}
        </Link>
        <span className={css.badges}>
          <Badge>{s.calibration.purposes[line.purpose]}</Badge>
          {waits ? <Badge tone="accent">{s.calibration.waits}</Badge> : <Badge>{s.calibration.states[line.state]}</Badge>}
          {line.required && <Badge tone="warn">{s.calibration.required}</Badge>}
          {result?.finished && <Badge tone={result.passed ? "good" : "bad"}>{result.passed ? s.calibration.passed : s.calibration.failed}</Badge>}
        </span>
      </div>
      <p className="lw-quiet lw-small">
        {[s.calibration.items(line.n_items), line.invited ? s.calibration.progress(line.n_answered, line.n_items) : null, s.calibration.openedBy(line.opened_by, moment(line.opened_at))].filter(Boolean).join(" · ")}
      </p>
      {waits && (
        <Button component={Link} to="/p/$slug/calibrate/$id" params={{ slug, id: line.id } as never} className={css.act}>
          {line.n_answered > 0 ? s.calibration.goOn : s.calibration.answerNow}
        </Button>
      )}
    </li>
  );
}
