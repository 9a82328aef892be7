import { Button, Modal, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { asApiError } from "@/api/error";
import type { ProjectGiven, SiteRole } from "@/api/types";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { GivenProjects } from "./GivenProjects";
import { complete, worksUntil } from "./link";
import { Once } from "./Once";
import css from "./people.module.css";
import { invite, useChange } from "./requests";
import { SITE_ROLES } from "./roles";

const ROLES = SITE_ROLES.map((value) => ({ value, label: `${s.people.roles[value]}: ${s.people.means[value]}` }));

/** Makes an account, with one role everywhere or with single projects; then shows its link. */
export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={s.people.invite} size="lg" closeOnClickOutside={false} transitionProps={{ duration: 100 }}>
      <Form />
    </Modal>
  );
}

function Form() {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<SiteRole>("annotator");
  const [given, setGiven] = useState<ProjectGiven[]>([]);
  const invitation = useChange(
    () => invite(email.trim(), name.trim(), role, role === "member" ? given : []),
    () => {
      setEmail("");
      setName("");
      setGiven([]);
    },
  );
  if (invitation.data && !invitation.isPending) {
    return (
      <div className={css.dialog}>
        <Once text={s.people.made(invitation.data.user.email)} value={complete(invitation.data.link)} more={worksUntil(invitation.data.expires_at)} />
        <div className={css.buttons}>
          <Button variant="default" onClick={() => invitation.reset()} data-testid="another">
            {s.people.another}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <form
      className={css.dialog}
      onSubmit={(event) => {
        event.preventDefault();
        if (!invitation.isPending) invitation.mutate(undefined);
      }}
    >
      <p className="lw-quiet lw-small">{s.people.inviteText}</p>
      <div className={css.pair}>
        <TextInput label={s.people.email} type="email" required value={email} onChange={(event) => setEmail(event.currentTarget.value)} data-autofocus data-testid="invite-email" />
        <TextInput label={s.people.name} value={name} onChange={(event) => setName(event.currentTarget.value)} data-testid="invite-name" />
      </div>
      <Select label={s.people.role} allowDeselect={false} value={role} onChange={(next) => next && setRole(next)} data={ROLES} data-testid="invite-role" />
      {role === "member" && (
        <div>
          <h3>{s.people.chooseProjects}</h3>
          <GivenProjects
            given={given}
            onGive={(one) => setGiven([...given.filter((other) => other.slug !== one.slug), one])}
            onTake={(slug) => setGiven(given.filter((other) => other.slug !== slug))}
          />
          {given.length === 0 && <p className="lw-small lw-quiet">{s.people.needProject}</p>}
        </div>
      )}
      {invitation.error && <ErrorNotice error={asApiError(invitation.error)} />}
      <div className={css.buttons}>
        <Button type="submit" loading={invitation.isPending} data-testid="invite-submit">
          {s.people.makeLink}
        </Button>
      </div>
    </form>
  );
}
