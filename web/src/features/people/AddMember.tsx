import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { asApiError } from "@/api/error";
import type { ProjectRole } from "@/api/types";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { complete, worksUntil } from "./link";
import { Once } from "./Once";
import css from "./people.module.css";
import { addMember, useChange } from "./requests";
import { PROJECT_ROLES } from "./roles";

const ROLES = PROJECT_ROLES.map((value) => ({ value, label: `${s.people.roles[value]}: ${s.people.meansHere[value]}` }));

/** Invites somebody to one project; somebody who has an account already gets no link. */
export function AddMember({ slug }: { slug: string }) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<ProjectRole>("annotator");
  const add = useChange(
    () => addMember(slug, email.trim(), name.trim(), role),
    () => {
      setEmail("");
      setName("");
    },
  );
  const done = add.isPending ? undefined : add.data;
  return (
    <section className="lw-panel">
      <h2>{s.people.invite}</h2>
      <form
        className={css.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          if (!add.isPending) add.mutate(undefined);
        }}
      >
        <p className="lw-quiet lw-small">{s.people.inviteText}</p>
        <TextInput label={s.people.email} type="email" required value={email} onChange={(event) => setEmail(event.currentTarget.value)} data-testid="invite-email" />
        <TextInput label={s.people.name} value={name} onChange={(event) => setName(event.currentTarget.value)} data-testid="invite-name" />
        <Select label={s.people.role} allowDeselect={false} value={role} onChange={(next) => next && setRole(next)} data={ROLES} data-testid="invite-role" />
        {add.error && <ErrorNotice error={asApiError(add.error)} />}
        <Button type="submit" loading={add.isPending} data-testid="invite-submit">
          {s.people.inviteButton}
        </Button>
      </form>
      {done?.link && done.expires_at && <Once text={s.people.made(done.member.user.email)} value={complete(done.link)} more={worksUntil(done.expires_at)} />}
      {done && !done.link && (
        <div className={css.once}>
          <Notice tone="warn" icon="check">
            {s.people.added(done.member.user.name)}
          </Notice>
        </div>
      )}
    </section>
  );
}
