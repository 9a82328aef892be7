import { ActionIcon, Menu, Select } from "@mantine/core";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useSession } from "@/api/session";
import type { Account, SiteRole } from "@/api/types";
import { ago } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Badge, ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { CloseDialog, EraseDialog, LinkDialog, LowerDialog, ProjectsDialog } from "./AccountDialogs";
import { inWords } from "./failures";
import css from "./people.module.css";
import { changeUser, useChange } from "./requests";
import { siteChoices } from "./roles";

const TONES = { invited: "accent", active: undefined, closed: "bad", simulated: "warn", erased: "bad" } as const;
const MOST_SHOWN = 3;
type Dialog = "link" | "close" | "projects" | "lower" | "erase";

/** One account: who it is, what it may do, and the acts on it. */
export function AccountRow({ account }: { account: Account }) {
  const own = useSession()?.user.id === account.id;
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [wanted, setWanted] = useState<SiteRole | null>(null);
  const change = useChange((body: { role?: SiteRole; active?: boolean }) => changeUser(account.id, body));
  const close = () => setDialog(null);
  const choose = (role: SiteRole) => {
    if (role === account.role || change.isPending) return;
    if (own) {
      setWanted(role);
      setDialog("lower");
    } else change.mutate({ role });
  };
  return (
    <li className={css.row} data-state={account.state} data-testid={`account-${account.email}`}>
      <div className={css.who}>
        <b dir="auto" className="lw-clip">
          {account.name}
        </b>
        <span className="lw-quiet lw-small lw-clip">{account.email}</span>
      </div>
      <div className={css.state}>
        {own && <Badge tone="accent">{s.people.you}</Badge>}
        {account.state !== "active" && <Badge tone={TONES[account.state]}>{s.people.states[account.state]}</Badge>}
        {account.state === "active" && account.last_sign_in && <span className="lw-quiet lw-small">{s.people.lastSignIn(ago(account.last_sign_in))}</span>}
      </div>
      <div className={css.projects}>{account.active && <Projects account={account} onOpen={() => setDialog("projects")} />}</div>
      {account.active ? (
        <Select
          className={css.role}
          aria-label={s.people.roleOf(account.name)}
          allowDeselect={false}
          disabled={change.isPending}
          value={change.isPending ? (change.variables.role ?? account.role) : account.role}
          data={siteChoices}
          onChange={(next) => next && choose(next)}
          data-testid="role"
        />
      ) : (
        <span className={`${css.role} lw-quiet`}>{s.people.roles[account.role]}</span>
      )}
      {account.state !== "erased" && (
        <Menu position="bottom-end" width={200} transitionProps={{ duration: 80 }}>
          <Menu.Target>
            <ActionIcon className={css.more} variant="subtle" color="gray" size="lg" aria-label={s.people.actions(account.name)} title={s.people.actions(account.name)} loading={change.isPending} data-testid="actions">
              <Icon name="dots" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {account.active ? (
              <>
                {account.role !== "admin" && <Menu.Item onClick={() => setDialog("projects")}>{s.people.projects}</Menu.Item>}
                <Menu.Item onClick={() => setDialog("link")}>{s.people.newLink}</Menu.Item>
                <Menu.Item color="red" onClick={() => setDialog("close")}>
                  {s.people.close}
                </Menu.Item>
              </>
            ) : (
              <Menu.Item onClick={() => change.mutate({ active: true })}>{s.people.reopen}</Menu.Item>
            )}
            <Menu.Item color="red" onClick={() => setDialog("erase")} data-testid="erase">
              {s.people.erase}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {change.error && (
        <div className={css.problem}>
          <ErrorNotice error={inWords(asApiError(change.error))} />
        </div>
      )}
      {dialog === "link" && <LinkDialog account={account} onClose={close} />}
      {dialog === "close" && <CloseDialog account={account} onClose={close} />}
      {dialog === "erase" && <EraseDialog account={account} onClose={close} />}
      {dialog === "projects" && <ProjectsDialog account={account} onClose={close} />}
      {dialog === "lower" && wanted && <LowerDialog account={account} role={wanted} onClose={close} />}
    </li>
  );
}

function Projects({ account, onOpen }: { account: Account; onOpen: () => void }) {
  const { projects, role } = account;
  const everywhere = role !== "member";
  return (
    <>
      {everywhere && <span className="lw-quiet lw-small">{s.people.everyProject}</span>}
      {role !== "admin" &&
        projects.slice(0, MOST_SHOWN).map((one) => <Badge key={one.slug}>{s.people.inProject(s.people.roles[one.role].toLowerCase(), one.slug)}</Badge>)}
      {role !== "admin" && projects.length > MOST_SHOWN && (
        <button type="button" className={css.link} onClick={onOpen}>
          {s.people.andMore(projects.length - MOST_SHOWN)}
        </button>
      )}
      {!everywhere && projects.length === 0 && (
        <button type="button" className={css.link} onClick={onOpen}>
          {s.people.noProject}
        </button>
      )}
    </>
  );
}
