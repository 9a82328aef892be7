import { Button, Select } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useMay, useSession } from "@/api/session";
import type { Member, ProjectRole } from "@/api/types";
import { Badge, ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Confirm } from "./Confirm";
import css from "./people.module.css";
import { giveRole, removeMember, useChange } from "./requests";
import { projectChoices } from "./roles";

/** Somebody in a project: the role, another one, removal. */
export function MemberRow({ slug, member }: { slug: string; member: Member }) {
  const { user, role, everywhere } = member;
  const may = useMay();
  const own = useSession()?.user.id === user.id;
  const [removing, setRemoving] = useState(false);
  const navigate = useNavigate();
  const give = useChange((next: ProjectRole) => giveRole(slug, user.id, next));
  const remove = useChange(
    () => removeMember(slug, user.id),
    () => {
      setRemoving(false);
      if (own && user.role === "member") void navigate({ to: "/" });
    },
  );
  // Less than what somebody may do on the whole site is for admins to give; the server decides.
  const fixed = user.role === "admin" || !user.active || ((user.role === "lead" || user.role === "auditor") && !may("user.manage"));
  return (
    <li className={`${css.row} ${css.member}`} data-testid={`member-${user.email}`}>
      <div className={css.who}>
        <b dir="auto" className="lw-clip">
          {user.name}
        </b>
        <span className="lw-quiet lw-small lw-clip">{user.email}</span>
      </div>
      <div className={css.state}>
        {own && <Badge tone="accent">{s.people.you}</Badge>}
        {user.simulated && <Badge tone="warn">{s.people.simulated}</Badge>}
        {!user.active && <Badge tone="bad">{s.people.here.closed}</Badge>}
        {!everywhere && user.role !== "member" && <Badge>{s.people.here.onSite(s.people.roles[user.role].toLowerCase())}</Badge>}
      </div>
      {fixed ? (
        <span className={css.role}>{s.people.roles[role]}</span>
      ) : (
        <Select
          className={css.role}
          aria-label={s.people.roleHere(user.name)}
          allowDeselect={false}
          disabled={give.isPending}
          value={give.isPending ? give.variables : role}
          data={projectChoices}
          onChange={(next) => next && next !== role && give.mutate(next as ProjectRole)}
          data-testid="role"
        />
      )}
      <div className={css.more}>
        {!everywhere && (
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => setRemoving(true)} data-testid="remove">
            {s.people.here.remove}
          </Button>
        )}
      </div>
      {give.error && (
        <div className={css.problem}>
          <ErrorNotice error={asApiError(give.error)} />
        </div>
      )}
      <Confirm
        title={s.people.here.removeTitle(user.name)}
        opened={removing}
        onClose={() => setRemoving(false)}
        action={s.people.here.remove}
        danger
        busy={remove.isPending}
        error={remove.error && asApiError(remove.error)}
        onConfirm={() => remove.mutate(undefined)}
      >
        <p>{user.role === "member" ? (own ? s.people.here.removeSelf : s.people.here.removeText) : s.people.here.removeSite(s.people.roles[user.role].toLowerCase())}</p>
      </Confirm>
    </li>
  );
}
