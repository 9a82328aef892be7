import { Button, Loader, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import type { Person } from "@/api/types";
import { words } from "@/ui/format";
import { Badge, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Once } from "./Once";
import css from "./people.module.css";
import { invite, usersQuery } from "./requests";

const ROLES = Object.keys(s.account.roles) as Person["role"][];

export function PeoplePage() {
  const users = useQuery(usersQuery);
  return (
    <Page title={s.account.peopleTitle}>
      <div className={css.columns}>
        <section className="lw-panel">
          {users.error && <ErrorNotice error={asApiError(users.error)} />}
          {users.isPending && <Loader size="sm" aria-label={s.common.loading} />}
          <ul className={css.people}>
            {users.data?.items.map((one) => (
              <li key={one.id}>
                <div>
                  <b dir="auto">{one.name || one.email}</b>
                  <span className="lw-quiet lw-small lw-clip">{one.email}</span>
                </div>
                {one.simulated && <Badge tone="warn">{s.account.simulated}</Badge>}
                <Badge>{words(one.role)}</Badge>
              </li>
            ))}
          </ul>
        </section>
        <Invite />
      </div>
    </Page>
  );
}

function Invite() {
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Person["role"]>("annotator");
  const invitation = useMutation({
    mutationFn: () => invite(email.trim(), name.trim(), role),
    onSuccess: () => {
      setEmail("");
      setName("");
      return client.invalidateQueries({ queryKey: ["users"] });
    },
  });
  return (
    <section className="lw-panel">
      <h2>{s.account.invite}</h2>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          invitation.mutate();
        }}
      >
        <TextInput label={s.account.email} type="email" required value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
        <TextInput label={s.account.name} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Select
          label={s.account.role}
          allowDeselect={false}
          value={role}
          onChange={(next) => next && setRole(next)}
          data={ROLES.map((one) => ({ value: one, label: s.account.roles[one] }))}
        />
        {invitation.error && <ErrorNotice error={asApiError(invitation.error)} />}
        <Button type="submit" loading={invitation.isPending}>
          {s.account.inviteButton}
        </Button>
      </form>
      {invitation.data && <Once text={s.account.inviteDone(invitation.data.user.email)} value={invitation.data.link} />}
    </section>
  );
}
