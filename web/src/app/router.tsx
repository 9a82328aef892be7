/** Every address of the app. The only place that joins the features. */
import { onSite } from "@/site/base";
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { sessionQuery } from "@/api/session";
import { toAuditFilter } from "@/features/audit/filter";
import { toFilter, toSearch, type FilterSearch } from "@/features/projects/items/filter";
import { toExploreSearch, toState, type ExploreSearch } from "@/features/explore/state";
import { AuditPage, BatchPage, CreatePage, DriftPage, EvaluationPage, ExplorePage, ItemPage, ItemsPage, LabelingPlanPage, LabelPage, MembersPage, MinePage, PersonPage, PlanPage, ProgressPage, ReviewsPage, RoundsPage, SearchPage, SessionPage, SessionsPage, SettingsPage, TeamPage, VersionsPage } from "./pages";
import { Broken, Nothing } from "./Broken";
import { Shell } from "./Shell";

interface Context {
  client: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, errorComponent: Broken, notFoundComponent: Nothing });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { next?: string; ended?: boolean; problem?: string } => {
    const next = search.next;
    const ended = { ...(search.ended === true ? { ended: true } : {}), ...(typeof search.problem === "string" ? { problem: search.problem } : {}) };
    // Only addresses of this app: "//elsewhere" would leave it.
    return typeof next === "string" && /^\/(?![/\\])/.test(next) ? { next, ...ended } : ended;
  },
  component: lazyRouteComponent(() => import("@/features/people/LoginPage"), "LoginPage"),
});
const linkPage = lazyRouteComponent(() => import("@/features/people/LinkPage"), "LinkPage");
const link = createRoute({ getParentRoute: () => root, path: "/link", component: linkPage });
const linkToken = createRoute({ getParentRoute: () => root, path: "/link/$token", component: linkPage });

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const session = await context.client.ensureQueryData(sessionQuery);
    // Thrown values are how this router redirects.
    if (session === null) throw redirect({ to: "/login", search: location.href === "/" ? {} : { next: location.href } });
  },
});
const projects = createRoute({
  getParentRoute: () => shell,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/projects/list/ProjectsPage"), "ProjectsPage"),
});
const create = createRoute({
  getParentRoute: () => shell,
  path: "/new",
  // The router reads ?retry=2024 as a number.
  validateSearch: ({ retry, plan }: Record<string, unknown>): { retry?: string; plan?: string } => ({
    ...(typeof retry === "string" || typeof retry === "number" ? { retry: String(retry) } : {}),
    ...(typeof plan === "string" ? { plan } : {}),
  }),
  component: CreatePage,
});
const plan = createRoute({
  getParentRoute: () => shell,
  path: "/plan",
  validateSearch: ({ plan: open }: Record<string, unknown>): { plan?: string } => (typeof open === "string" ? { plan: open } : {}),
  component: PlanPage,
});
const people = createRoute({
  getParentRoute: () => shell,
  path: "/people",
  component: lazyRouteComponent(() => import("@/features/people/PeoplePage"), "PeoplePage"),
});
const account = createRoute({
  getParentRoute: () => shell,
  path: "/account",
  component: lazyRouteComponent(() => import("@/features/people/AccountPage"), "AccountPage"),
});
const project = createRoute({
  getParentRoute: () => shell,
  path: "/p/$slug",
  beforeLoad: ({ params, location }) => {
    if (location.pathname.replace(/\/$/, "") === `/p/${params.slug}`) throw redirect({ to: "/p/$slug/label", params });
  },
});
const label = createRoute({
  getParentRoute: () => project,
  path: "/label",
  // The answer that is to be given again.
  validateSearch: ({ correct }: Record<string, unknown>): { correct?: string } => (typeof correct === "string" ? { correct } : {}),
  component: LabelPage,
});
const progress = createRoute({ getParentRoute: () => project, path: "/progress", component: ProgressPage });
const rounds = createRoute({ getParentRoute: () => project, path: "/rounds", component: RoundsPage });
const evaluation = createRoute({ getParentRoute: () => project, path: "/evaluation", component: EvaluationPage });
const audit = createRoute({ getParentRoute: () => project, path: "/audit", validateSearch: toAuditFilter, component: AuditPage });
const versions = createRoute({ getParentRoute: () => project, path: "/versions", component: VersionsPage });
const labelingPlan = createRoute({ getParentRoute: () => project, path: "/plan", component: LabelingPlanPage });
const drift = createRoute({ getParentRoute: () => project, path: "/drift", component: DriftPage });
const batch = createRoute({ getParentRoute: () => project, path: "/batch", component: BatchPage });
const items = createRoute({
  getParentRoute: () => project,
  path: "/items",
  validateSearch: (search: Record<string, unknown>): FilterSearch => toSearch(toFilter(search)),
  component: ItemsPage,
});
const explore = createRoute({
  getParentRoute: () => project,
  path: "/explore",
  validateSearch: (search: Record<string, unknown>): ExploreSearch => toExploreSearch(toState(search)),
  component: ExplorePage,
});
const settings = createRoute({ getParentRoute: () => project, path: "/settings", component: SettingsPage });
const item = createRoute({ getParentRoute: () => project, path: "/items/$id", component: ItemPage });
const reviews = createRoute({ getParentRoute: () => project, path: "/review", component: ReviewsPage });
const sessions = createRoute({ getParentRoute: () => project, path: "/calibrate", component: SessionsPage });
const calibrate = createRoute({ getParentRoute: () => project, path: "/calibrate/$id", component: SessionPage });
const members = createRoute({ getParentRoute: () => project, path: "/people", component: MembersPage });
const search = createRoute({ getParentRoute: () => project, path: "/search", component: SearchPage });
const team = createRoute({ getParentRoute: () => project, path: "/team", component: TeamPage });
const teamPerson = createRoute({ getParentRoute: () => project, path: "/team/$person", component: PersonPage });
const mine = createRoute({ getParentRoute: () => project, path: "/mine", component: MinePage });

const tree = root.addChildren([
  login,
  link,
  linkToken,
  shell.addChildren([projects, create, plan, people, account, project.addChildren([label, progress, labelingPlan, rounds, batch, evaluation, drift, explore, items, item, reviews, sessions, calibrate, search, team, teamPerson, mine, members, audit, versions, settings])]),
]);

export function makeRouter(client: QueryClient) {
  return createRouter({ routeTree: tree, basepath: onSite("/"), context: { client }, defaultPreload: "intent", defaultPreloadStaleTime: 0, scrollRestoration: true });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
