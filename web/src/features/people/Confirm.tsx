import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import type { ApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./people.module.css";

interface Props {
  title: string;
  opened: boolean;
  onClose: () => void;
  /** What the button says. */
  action: string;
  danger?: boolean;
  busy: boolean;
  error: ApiError | null;
  onConfirm: () => void;
  children: ReactNode;
}

/** Says what an act means before it is done. The button rests while the act runs, so a second click does nothing. */
export function Confirm({ title, opened, onClose, action, danger = false, busy, error, onConfirm, children }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} transitionProps={{ duration: 100 }}>
      <div className={css.dialog}>
        {children}
        {error && <ErrorNotice error={error} />}
        <div className={css.buttons}>
          <Button variant="default" onClick={onClose}>
            {s.common.cancel}
          </Button>
          <Button color={danger ? "red" : undefined} loading={busy} onClick={onConfirm} data-testid="confirm">
            {action}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
