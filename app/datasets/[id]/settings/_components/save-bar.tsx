import { Button, Key } from "../../../../ui/buttons";

interface Props {
  unsaved: number;
  /** Whether they were typed before this visit. */
  restored: boolean;
  wrong: number;
  saving: boolean;
  saved: boolean;
  onDiscard: () => void;
}

/** What is not saved yet, and the one button that saves it. It keeps its place, so that nothing moves when it fills. */
export function SaveBar({ unsaved, restored, wrong, saving, saved, onDiscard }: Props) {
  return (
    <div className="sticky bottom-14 z-20 mt-4 flex min-h-14 flex-wrap items-center gap-3 rounded-md border bg-surface px-4 py-2 md:bottom-2">
      <span role="status" className={wrong > 0 ? "text-bad" : "text-soft"}>
        {wrong > 0
          ? `${wrong} ${wrong === 1 ? "field needs" : "fields need"} another value`
          : unsaved > 0
            ? `${unsaved} unsaved ${unsaved === 1 ? "change" : "changes"}${restored ? " from an earlier visit" : ""}`
            : saved
              ? "Saved ✓"
              : "No unsaved changes"}
      </span>
      <span className="ml-auto flex gap-2">
        <Button disabled={unsaved === 0 || saving} onClick={onDiscard}>
          Discard
        </Button>
        <Button type="submit" kind="primary" aria-keyshortcuts="Control+Enter" disabled={unsaved === 0 || saving}>
          Save <Key>Ctrl ↵</Key>
        </Button>
      </span>
    </div>
  );
}
