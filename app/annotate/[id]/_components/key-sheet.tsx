import { useEffect, useRef, useState } from "react";
import { Key } from "../../../ui/buttons";
import { say } from "../../../ui/toast";
import type { KeyList } from "./key-list";
import type { Action } from "./keys";

interface Props {
  actions: Action[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The list of keyboard shortcuts, fetched when it is first opened. */
export function KeySheet({ actions, open, onOpenChange }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [loaded, setLoaded] = useState<{ List: typeof KeyList } | null>(null);
  useEffect(() => {
    if (open && !loaded)
      import("./key-list").then(
        ({ KeyList: List }) => setLoaded({ List }),
        () => {
          onOpenChange(false);
          void say("The list of shortcuts could not be loaded; try again online.");
        },
      );
    else if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open, loaded, onOpenChange]);
  const close = () => onOpenChange(false);
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => onOpenChange(true)}
        className="flex items-center gap-1.5 rounded-md px-1.5 py-1 hover:bg-raised"
      >
        <Key>?</Key> Shortcuts
      </button>
      <dialog
        ref={dialog}
        aria-label="Keyboard shortcuts"
        onClose={close}
        className="m-auto max-h-[85dvh] w-[min(92vw,30rem)] overflow-y-auto rounded-md border bg-surface p-5 text-ink backdrop:bg-black/40"
      >
        {loaded && <loaded.List actions={actions} onClose={close} />}
      </dialog>
    </>
  );
}
