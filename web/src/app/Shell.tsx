import { onSite } from "@/site/base";
import { ActionIcon, Menu, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { HelpOverlay } from "@/actions/HelpOverlay";
import { useActions } from "@/actions/useActions";
import { projectQuery, projectsQuery, useMayIn } from "@/api/projects";
import { useMay, useSession } from "@/api/session";
import { outbox, useOutbox } from "@/features/labeling/sender";
import { Icon, type IconName } from "@/ui/Icon";
import { s } from "@/ui/strings";
import css from "./shell.module.css";

const TABS = [
  { to: "/p/$slug/label", text: s.shell.label, permission: "label" },
  { to: "/p/$slug/mine", text: s.shell.mine, permission: "label" },
  { to: "/p/$slug/progress", text: s.shell.progress, permission: "progress.read" },
  { to: "/p/$slug/plan", text: s.shell.plan, permission: "progress.read" },
  { to: "/p/$slug/rounds", text: s.shell.rounds, permission: "progress.read" },
  { to: "/p/$slug/search", text: s.shell.search, permission: "progress.read" },
  { to: "/p/$slug/evaluation", text: s.shell.evaluation, permission: "progress.read" },
  { to: "/p/$slug/drift", text: s.shell.drift, permission: "progress.read" },
  { to: "/p/$slug/explore", text: s.shell.explore, permission: "item.read" },
  { to: "/p/$slug/items", text: s.shell.items, permission: "item.read" },
  { to: "/p/$slug/review", text: s.shell.review, permission: "review.read" },
  { to: "/p/$slug/calibrate", text: s.shell.calibrate, permission: ["label", "review.read"] },
  { to: "/p/$slug/team", text: s.shell.team, permission: "people.read" },
  { to: "/p/$slug/people", text: s.shell.people, permission: "member.manage" },
  { to: "/p/$slug/audit", text: s.shell.audit, permission: "event.read" },
  { to: "/p/$slug/versions", text: s.shell.versions, permission: "event.read" },
  { to: "/p/$slug/settings", text: s.shell.settings, permission: "project.manage" },
] as const;

const THEMES: Record<MantineColorScheme, { next: MantineColorScheme; icon: IconName }> = {
  auto: { next: "light", icon: "auto" },
  light: { next: "dark", icon: "sun" },
  dark: { next: "auto", icon: "moon" },
};

export function Shell() {
  const [help, setHelp] = useState(false);
  const session = useSession();
  const may = useMay();
  const { slug } = useParams({ strict: false });
  const { unsaved } = useOutbox();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const theme = THEMES[colorScheme];
  const person = session?.user.id ?? null;

  // Answers of an earlier visit are sent as soon as their author is back, on whatever page.
  useEffect(() => {
    outbox.open(person);
    return () => outbox.open(null);
  }, [person]);
  useEffect(() => {
    document.title = slug === undefined ? s.common.product : `${slug} · ${s.common.product}`;
  }, [slug]);
  useActions(["global"], (id) => {
    if (id !== "help") return false;
    setHelp(true);
    return true;
  });

  return (
    <>
      <header className={css.header}>
        <Switcher slug={slug} />
        {slug !== undefined && <Tabs slug={slug} />}
        <span className={css.space} />
        {unsaved > 0 && slug === undefined && <span className={css.unsaved}>{s.shell.unsavedElsewhere(unsaved)}</span>}
        <ActionIcon variant="subtle" color="gray" size="lg" onClick={() => setHelp(true)} title={s.shell.keys} aria-label={s.shell.keys} className={css.wide}>
          <b aria-hidden>?</b>
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" size="lg" onClick={() => setColorScheme(theme.next)} title={s.shell.theme(colorScheme)} aria-label={s.shell.theme(colorScheme)} className={css.wide}>
          <Icon name={theme.icon} />
        </ActionIcon>
        <Menu position="bottom-end" width={220} transitionProps={{ duration: 80 }}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={s.shell.account} title={session?.user.name}>
              <Icon name="user" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{session?.user.name || session?.user.email}</Menu.Label>
            <Menu.Item component={Link} to="/account">
              {s.shell.account}
            </Menu.Item>
            {may("user.manage") && (
              <Menu.Item component={Link} to="/people">
                {s.shell.people}
              </Menu.Item>
            )}
            <Menu.Item onClick={() => setHelp(true)}>{s.shell.keys}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </header>
      <Outlet />
      <HelpOverlay opened={help} onClose={() => setHelp(false)} />
    </>
  );
}

/** The pages of a project that the person's role in it allows. */
function Tabs({ slug }: { slug: string }) {
  const may = useMayIn(slug);
  const isSearch = useQuery(projectQuery(slug)).data?.goal_details?.metric === "recall";
  const tabs = TABS.filter((tab) => [tab.permission].flat().some(may) && (tab.to !== "/p/$slug/search" || isSearch));
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  // On a phone the tabs are wider than the screen.
  useEffect(() => {
    nav.current?.querySelector("[data-active]")?.scrollIntoView({ inline: "nearest", block: "nearest" });
  }, [pathname, tabs.length]);
  return (
    <nav ref={nav} className={css.tabs} aria-label={s.shell.switcher}>
      {tabs.map((tab) => (
        <Link key={tab.to} to={tab.to} params={{ slug }} className={css.tab} activeProps={{ "data-active": true }}>
          {tab.text}
        </Link>
      ))}
    </nav>
  );
}

function Switcher({ slug }: { slug: string | undefined }) {
  const projects = useQuery(projectsQuery);
  const navigate = useNavigate();
  const may = useMay();
  const list = projects.data?.items ?? [];
  const current = list.find((one) => one.slug === slug);
  if (slug === undefined) {
    return (
      <Link to="/" className={css.brand}>
        <img src={onSite("/favicon.svg")} width={22} height={22} alt="" /> {s.common.product}
      </Link>
    );
  }
  return (
    <Menu position="bottom-start" width={280} transitionProps={{ duration: 80 }}>
      <Menu.Target>
        <button type="button" className={css.brand} title={s.shell.switcher}>
          <img src={onSite("/favicon.svg")} width={22} height={22} alt="" />
          <span className="lw-clip" dir="auto">{current?.title || slug}</span>
          <Icon name="down" size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {list
          .filter((one) => one.state !== "damaged")
          .slice(0, 12)
          .map((one) => (
            <Menu.Item
              key={one.slug}
              onClick={() => void navigate({ to: one.permissions.includes("label") ? "/p/$slug/label" : "/p/$slug/progress", params: { slug: one.slug } })}
              rightSection={one.slug === slug ? <Icon name="check" size={14} /> : undefined}
            >
              {one.title || one.slug}
            </Menu.Item>
          ))}
        <Menu.Divider />
        <Menu.Item component={Link} to="/">
          {s.shell.allProjects}
        </Menu.Item>
        {may("project.create") && (
          <Menu.Item component={Link} to="/new">
            {s.shell.newProject}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
