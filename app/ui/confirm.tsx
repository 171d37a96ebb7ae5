"use client";

import type { ComponentProps, ReactNode } from "react";
import { Button } from "./buttons";
import { Dialog } from "./dialog";

interface Props extends Pick<ComponentProps<typeof Dialog>, "title" | "shape" | "onClose"> {
  /** What happens, and what cannot be undone. */
  children: ReactNode;
  /** The words of the button that does it, and of the one that does not. */
  yes: ReactNode;
  no?: string;
  /** Whether something is lost. */
  deletes?: boolean;
  disabled?: boolean;
  onYes: () => void;
}

/** Asks before something is done to many things, or for good. */
export function Confirm({ children, yes, no = "Cancel", deletes = false, disabled = false, onYes, ...dialog }: Props) {
  return (
    <Dialog role="alertdialog" {...dialog}>
      <div className="mt-3">{children}</div>
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={dialog.onClose}>{no}</Button>
        <Button
          kind={deletes ? "plain" : "primary"}
          disabled={disabled}
          onClick={onYes}
          className={deletes ? "border-bad text-bad" : ""}
        >
          {yes}
        </Button>
      </div>
    </Dialog>
  );
}
