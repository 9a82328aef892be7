import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./calibration.module.css";

interface Props {
  title: string;
  action: string;
  opened: boolean;
  busy: boolean;
  error: Error | null;
  onClose: () => void;
  onConfirm: () => void;
  children: ReactNode;
}

/** Says what a step means before it is taken. */
export function Ask({ title, action, opened, busy, error, onClose, onConfirm, children }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} transitionProps={{ duration: 100 }} closeButtonProps={{ "aria-label": s.common.close }}>
      <div className={css.dialog}>
        <p>{children}</p>
        {error && <ErrorNotice error={asApiError(error)} />}
        <div className={css.buttons}>
          <Button loading={busy} onClick={onConfirm} data-testid="confirm">
            {action}
          </Button>
          <Button variant="default" onClick={onClose}>
            {s.common.cancel}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
