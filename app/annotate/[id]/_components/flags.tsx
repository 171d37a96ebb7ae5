import { type FlagReason, flagReasons } from "@/spec/flag-reasons";
import { Key } from "../../../ui/buttons";

/** After F: what is wrong with the record, one key each. */
export function Flags({ onFlag, onCancel }: { onFlag: (reason: FlagReason) => void; onCancel: () => void }) {
  return (
    <fieldset className="mt-2 flex flex-wrap items-center gap-1.5 rounded-md border bg-surface p-2 text-xs">
      <legend className="sr-only">What is wrong with this record?</legend>
      <span className="font-medium">What is wrong?</span>
      {flagReasons.map((reason, i) => (
        <button
          key={reason}
          type="button"
          aria-keyshortcuts={String(i + 1)}
          onClick={() => onFlag(reason)}
          className="flex min-h-9 items-center gap-1.5 rounded-md border bg-canvas px-2.5 first-letter:uppercase hover:bg-raised"
        >
          <Key>{i + 1}</Key> {reason}
        </button>
      ))}
      <button type="button" onClick={onCancel} className="ml-auto min-h-9 px-2 text-soft">
        <Key>Esc</Key> Cancel
      </button>
    </fieldset>
  );
}
