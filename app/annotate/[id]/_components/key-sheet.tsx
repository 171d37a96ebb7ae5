import { useEffect, useRef } from "react";
import { KeyList } from "./key-list";
import type { Action } from "./keys";

/** The list of keyboard shortcuts. */
export function KeySheet({ actions, onClose }: { actions: Action[]; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-label="Keyboard shortcuts"
      onClose={onClose}
      className="m-auto max-h-[85dvh] w-[min(92vw,30rem)] overflow-y-auto rounded-md border bg-surface p-5 text-ink backdrop:bg-black/40"
    >
      <KeyList actions={actions} onClose={() => dialog.current?.close()} />
    </dialog>
  );
}
