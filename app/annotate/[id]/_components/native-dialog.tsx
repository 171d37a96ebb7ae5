import { type ReactNode, type RefObject, useEffect } from "react";

interface Props {
  /** To be closed by what stands in it. */
  of: RefObject<HTMLDialogElement | null>;
  label: string;
  look: string;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A window over the annotation screen. The browser's own rather than app/ui/dialog.tsx: radix-ui would be more JavaScript than all that such a
 * window shows, to be fetched while one annotates, and its Esc closes before a key that is being changed hears of it.
 */
export function NativeDialog({ of, label, look, onClose, children }: Props) {
  useEffect(() => of.current?.showModal(), [of]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a dialog closes with Escape by itself
    <dialog
      ref={of}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => event.target === of.current && of.current.close()}
      className={`m-auto overflow-y-auto rounded-md border bg-surface text-ink backdrop:bg-black/40 ${look}`}
    >
      <div className="p-4">{children}</div>
    </dialog>
  );
}
