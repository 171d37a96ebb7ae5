import { useRef } from "react";
import { KeyList } from "./key-list";
import type { Action } from "./keys";
import { NativeDialog } from "./native-dialog";

/** The list of keyboard shortcuts. */
export function KeySheet({ actions, onClose }: { actions: Action[]; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <NativeDialog of={dialog} label="Keyboard shortcuts" look="max-h-[85dvh] w-[min(92vw,30rem)]" onClose={onClose}>
      <KeyList actions={actions} onClose={() => dialog.current?.close()} />
    </NativeDialog>
  );
}
