import { Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { asApiError } from "@/api/error";
import type { Account, ProjectGiven, SiteRole } from "@/api/types";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Confirm } from "./Confirm";
import { inWords } from "./failures";
import { GivenProjects } from "./GivenProjects";
import { complete, worksUntil } from "./link";
import { Once } from "./Once";
import css from "./people.module.css";
import { changeUser, eraseUser, giveRole, newLink, removeMember, useChange } from "./requests";

interface Props {
  account: Account;
  onClose: () => void;
}

/** Asks first, since earlier links stop working, then shows the new one. */
export function LinkDialog({ account, onClose }: Props) {
  const link = useChange(() => newLink(account.id));
  if (link.data) {
    return (
      <Modal opened onClose={onClose} title={s.people.newLinkTitle(account.name)} size="lg" closeOnClickOutside={false} transitionProps={{ duration: 0 }}>
        <Once text={s.people.made(account.email)} value={complete(link.data.link)} more={worksUntil(link.data.expires_at)} />
      </Modal>
    );
  }
  return (
    <Confirm
      title={s.people.newLinkTitle(account.name)}
      opened
      onClose={onClose}
      action={s.people.makeLink}
      busy={link.isPending}
      error={link.error && asApiError(link.error)}
      onConfirm={() => link.mutate(undefined)}
    >
      <p>{s.people.newLinkText}</p>
    </Confirm>
  );
}

export function CloseDialog({ account, onClose }: Props) {
  const change = useChange(() => changeUser(account.id, { active: false }), onClose);
  return (
    <Confirm
      title={s.people.closeTitle(account.name)}
      opened
      onClose={onClose}
      action={s.people.closeDo}
      danger
      busy={change.isPending}
      error={change.error && inWords(asApiError(change.error))}
      onConfirm={() => change.mutate(undefined)}
    >
      <p>{s.people.closeText}</p>
    </Confirm>
  );
}

export function EraseDialog({ account, onClose }: Props) {
  const erase = useChange(() => eraseUser(account.id), onClose);
  return (
    <Confirm
      title={s.people.eraseTitle(account.name)}
      opened
      onClose={onClose}
      action={s.people.eraseDo}
      danger
      busy={erase.isPending}
      error={erase.error && inWords(asApiError(erase.error))}
      onConfirm={() => erase.mutate(undefined)}
    >
      <p>{s.people.eraseText}</p>
      <p>{s.people.eraseBackups}</p>
    </Confirm>
  );
}

/** An admin who changes their own role leaves this page. */
export function LowerDialog({ account, role, onClose }: Props & { role: SiteRole }) {
  const navigate = useNavigate();
  const change = useChange(
    () => changeUser(account.id, { role }),
    () => {
      onClose();
      void navigate({ to: "/" });
    },
  );
  return (
    <Confirm
      title={s.people.lowerSelf}
      opened
      onClose={onClose}
      action={s.people.lowerSelfDo}
      danger
      busy={change.isPending}
      error={change.error && inWords(asApiError(change.error))}
      onConfirm={() => change.mutate(undefined)}
    >
      <p>{s.people.lowerSelfText}</p>
    </Confirm>
  );
}

/** The single projects of somebody; each change is made at once. */
export function ProjectsDialog({ account, onClose }: Props) {
  const give = useChange((one: ProjectGiven) => giveRole(one.slug, account.id, one.role));
  const take = useChange((slug: string) => removeMember(slug, account.id));
  const error = give.error ?? take.error;
  const role = account.role;
  return (
    <Modal opened onClose={onClose} title={s.people.projectsTitle(account.name)} size="lg" transitionProps={{ duration: 100 }}>
      <div className={css.dialog}>
        <p className="lw-quiet lw-small">{role === "member" ? s.people.projectsOfMember : s.people.projectsOfRole(s.people.roles[role].toLowerCase())}</p>
        <GivenProjects given={account.projects} busy={give.isPending || take.isPending} onGive={(one) => give.mutate(one)} onTake={(slug) => take.mutate(slug)} />
        {error && <ErrorNotice error={asApiError(error)} />}
      </div>
    </Modal>
  );
}
