/** Pages that take something from the address; each is loaded when it is first opened. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, type ComponentType, type ReactNode } from "react";
import { ApiError } from "@/api/error";
import { projectQuery } from "@/api/projects";
import { FailedPage } from "@/features/projects/failed/FailedPage";
import { toExploreSearch, toState } from "@/features/explore/state";
import { toAuditFilter } from "@/features/audit/filter";
import { toFilter, toSearch } from "@/features/projects/items/filter";
import { Nothing, Waiting } from "./Broken";
import { StartLink } from "./StartLink";

const Label = lazy(async () => ({ default: (await import("@/features/labeling/LabelPage")).LabelPage }));
const Progress = lazy(async () => ({ default: (await import("@/features/steering/ProgressPage")).ProgressPage }));
const Rounds = lazy(async () => ({ default: (await import("@/features/rounds/RoundsPage")).RoundsPage }));
const ReminderLine = lazy(async () => ({ default: (await import("@/features/rounds/Reminder")).ReminderLine }));
const LatestRound = lazy(async () => ({ default: (await import("@/features/rounds/LatestRound")).LatestRound }));
const Evaluation = lazy(async () => ({ default: (await import("@/features/evaluation/EvaluationPage")).EvaluationPage }));
const Audit = lazy(async () => ({ default: (await import("@/features/audit/AuditPage")).AuditPage }));
const Versions = lazy(async () => ({ default: (await import("@/features/versions/VersionsPage")).VersionsPage }));
const Drift = lazy(async () => ({ default: (await import("@/features/drift/DriftPage")).DriftPage }));
const OpenAlarms = lazy(async () => ({ default: (await import("@/features/drift/OpenAlarms")).OpenAlarms }));
const Batch = lazy(async () => ({ default: (await import("@/features/batch/BatchPage")).BatchPage }));
const Explore = lazy(async () => ({ default: (await import("@/features/explore/ExplorePage")).ExplorePage }));
const AddItems = lazy(async () => ({ default: (await import("@/features/projects/imports/AddItems")).AddItems }));
const Stopping = lazy(async () => ({ default: (await import("@/features/stopping/StoppingPanel")).StoppingPanel }));
const Create = lazy(async () => ({ default: (await import("@/features/projects/create/CreatePage")).CreatePage }));
const LabelingPlan = lazy(async () => ({ default: (await import("@/features/plan/PlanPage")).PlanPage }));
const Replay = lazy(async () => ({ default: (await import("@/features/planning/ReplayBlock")).ReplayBlock }));
const Plan = lazy(async () => ({ default: (await import("@/features/planning/PlanPage")).PlanPage }));
const Similar = lazy(async () => ({ default: (await import("@/features/planning/Similar")).Similar }));
const Items = lazy(async () => ({ default: (await import("@/features/projects/items/ItemsPage")).ItemsPage }));
const Settings = lazy(async () => ({ default: (await import("@/features/projects/settings/SettingsPage")).SettingsPage }));
const Guidelines = lazy(async () => ({ default: (await import("@/features/steering/EditGuidelines")).GuidelinesOfProject }));
const Members = lazy(async () => ({ default: (await import("@/features/people/MembersPage")).MembersPage }));
const Examples = lazy(async () => ({ default: (await import("@/features/quality/ExamplesSection")).ExamplesSection }));
const Rules = lazy(async () => ({ default: (await import("@/features/quality/RulesSection")).RulesSection }));
const Webhooks = lazy(async () => ({ default: (await import("@/features/webhooks/WebhooksSection")).WebhooksSection }));
const Reviews = lazy(async () => ({ default: (await import("@/features/quality/ReviewsPage")).ReviewsPage }));
const Search = lazy(async () => ({ default: (await import("@/features/search/SearchPage")).SearchPage }));
const Team = lazy(async () => ({ default: (await import("@/features/team/TeamPage")).TeamPage }));
const Person = lazy(async () => ({ default: (await import("@/features/team/PersonPage")).PersonPage }));
const Mine = lazy(async () => ({ default: (await import("@/features/team/mine/MinePage")).MinePage }));
const Sessions = lazy(async () => ({ default: (await import("@/features/calibration/SessionsPage")).SessionsPage }));
const Session = lazy(async () => ({ default: (await import("@/features/calibration/SessionPage")).SessionPage }));
const GuidelinesText = lazy(async () => ({ default: (await import("@/features/labeling/Guidelines")).Guidelines }));
const Item = lazy(async () => ({ default: (await import("@/features/projects/items/ItemPage")).ItemPage }));

/**
 * A page of a project; one whose first import failed shows the error instead, whatever the page, and one that is not
 * there, or not for this person, says so.
 */
function Soon({ children }: { children: ReactNode }) {
  const { data: project, error } = useQuery(projectQuery(useSlug()));
  if (error instanceof ApiError && error.status === 404) return <Nothing />;
  if (project?.state === "failed") return <FailedPage project={project} />;
  return <Suspense fallback={<Waiting />}>{children}</Suspense>;
}

function useSlug(): string {
  return useParams({ strict: false }).slug ?? "";
}

/** A page that takes nothing but the project from the address. */
function pageOf(Part: ComponentType<{ slug: string }>) {
  return function ProjectPage() {
    const slug = useSlug();
    return (
      <Soon>
        <Part key={slug} slug={slug} />
      </Soon>
    );
  };
}

export const BatchPage = pageOf(Batch);
export const SearchPage = pageOf(Search);
export const EvaluationPage = pageOf(Evaluation);
export const ReviewsPage = pageOf(Reviews);
export const SessionsPage = pageOf(Sessions);
export const MembersPage = pageOf(Members);
export const TeamPage = pageOf(Team);
export const MinePage = pageOf(Mine);
export const VersionsPage = pageOf(Versions);

export function LabelPage() {
  const slug = useSlug();
  const { correct = null } = useSearch({ strict: false });
  const navigate = useNavigate();
  const opened = useCallback(() => void navigate({ to: "/p/$slug/label", params: { slug }, replace: true }), [navigate, slug]);
  return (
    <Soon>
      <Label slug={slug} correct={correct} onOpened={opened} />
    </Soon>
  );
}

export function ProgressPage() {
  const slug = useSlug();
  return (
    <Soon>
      <Progress key={slug} slug={slug} addItems={<AddItems slug={slug} />} stopping={<Stopping slug={slug} />} reminder={<Suspense fallback={null}><ReminderLine slug={slug} /></Suspense>} rounds={<LatestRound slug={slug} />} drift={<OpenAlarms slug={slug} />} />
    </Soon>
  );
}

export function RoundsPage() {
  const slug = useSlug();
  return (
    <Soon>
      <Rounds key={slug} slug={slug} />
    </Soon>
  );
}

export function AuditPage() {
  const slug = useSlug();
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  return (
    <Soon>
      <Audit key={slug} slug={slug} filter={toAuditFilter(search)} onFilter={(next) => void navigate({ to: "/p/$slug/audit", params: { slug }, replace: true, search: toAuditFilter({ ...next }) })} />
    </Soon>
  );
}

export function DriftPage() {
  const slug = useSlug();
  return (
    <Soon>
      <Drift key={slug} slug={slug} />
    </Soon>
  );
}

export function ExplorePage() {
  const slug = useSlug();
  const state = toState(useSearch({ strict: false }) as Record<string, unknown>);
  const kind = useQuery(projectQuery(slug)).data?.kind ?? "";
  const navigate = useNavigate();
  return (
    <Soon>
      <Explore key={slug} slug={slug} kind={kind} state={state} onState={(next) => void navigate({ to: "/p/$slug/explore", params: { slug }, replace: true, search: toExploreSearch(next) })} />
    </Soon>
  );
}

export function CreatePage() {
  const { retry = null, plan = null } = useSearch({ strict: false });
  return (
    <Suspense fallback={<Waiting />}>
      <Create key={retry ?? plan} retry={retry} plan={plan} similar={(about) => <Suspense fallback={null}><Similar {...about} /></Suspense>} />
    </Suspense>
  );
}

export function LabelingPlanPage() {
  const slug = useSlug();
  return (
    <Soon>
      <LabelingPlan key={slug} slug={slug} replay={<Replay slug={slug} startLink={(id) => <StartLink plan={id} />} />} />
    </Soon>
  );
}

export function PlanPage() {
  const { plan = null } = useSearch({ strict: false });
  const navigate = useNavigate();
  return (
    <Suspense fallback={<Waiting />}>
      <Plan open={plan} onOpen={(id) => void navigate({ to: "/plan", search: id === null ? {} : { plan: id } })} startLink={(id) => <StartLink plan={id} />} />
    </Suspense>
  );
}

export function ItemsPage() {
  const slug = useSlug();
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  return (
    <Soon>
      <Items
        key={slug}
        slug={slug}
        filter={toFilter(search)}
        onFilter={(next) => void navigate({ to: "/p/$slug/items", params: { slug }, replace: true, search: toSearch(next) })}
      />
    </Soon>
  );
}

export function SettingsPage() {
  const slug = useSlug();
  const project = useQuery(projectQuery(slug)).data;
  return (
    <Soon>
      <Settings key={slug} slug={slug} guidelines={<Guidelines slug={slug} />} examples={project && <Examples project={project} />} quality={project && <Rules project={project} />} webhooks={<Webhooks slug={slug} />} />
    </Soon>
  );
}

export function ItemPage() {
  const slug = useSlug();
  const id = useParams({ strict: false }).id ?? "";
  return (
    <Soon>
      <Item key={id} slug={slug} id={id} />
    </Soon>
  );
}

export function SessionPage() {
  const slug = useSlug();
  const id = useParams({ strict: false }).id ?? "";
  return (
    <Soon>
      <Session key={id} slug={slug} id={id} guidelines={(question) => <GuidelinesText guidelines={question.guidelines} />} />
    </Soon>
  );
}

export function PersonPage() {
  const slug = useSlug();
  const person = useParams({ strict: false }).person ?? "";
  return (
    <Soon>
      <Person key={person} slug={slug} person={person} />
    </Soon>
  );
}
