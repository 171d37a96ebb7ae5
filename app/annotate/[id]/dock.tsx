import type { ReactNode } from "react";
import type { Choice } from "@/lib/judgements/schema";
import { Key } from "../../ui/parts";
import { others, sides, strengthWord } from "./keys";
import type { Look } from "./pair-view";
import type { Field, Words } from "./words";

interface DockProps {
  onChoose: (choice: Choice) => void;
  onUndo: () => void;
  onLook: (look: Look) => void;
  look: Look;
  canUndo: boolean;
  written: Words;
  onWrite: (field: Field) => void;
  onFlag: () => void;
  /** What stands open under the buttons. */
  children: ReactNode;
}

const fields = [
  { key: "r", field: "rationale", label: "Why" },
  { key: "e", field: "rewrite", label: "Rewrite" },
] as const;

const action =
  "flex min-h-9 items-center gap-1.5 rounded-md border bg-surface px-2.5 text-xs hover:bg-raised disabled:opacity-50";

/** Eight segments from "A much better" to "B much better", then the rest; each shows its key. */
export function Dock({ onChoose, onUndo, onLook, look, canUndo, written, onWrite, onFlag, children }: DockProps) {
  return (
    <div className="sticky bottom-[4.1rem] z-20 mt-auto border-t bg-canvas px-3 py-3 md:bottom-0">
      <div className="mx-auto max-w-5xl">
        <fieldset className="grid grid-cols-4 gap-1 sm:grid-cols-8">
          <legend className="sr-only">Which answer is better?</legend>
          {sides.map(({ key, side, strength }) => (
            <button
              key={key}
              type="button"
              aria-keyshortcuts={key}
              aria-label={`${side === "left" ? "A" : "B"} ${strengthWord(strength)} better`}
              onClick={() => onChoose({ kind: side, strength })}
              className={`flex min-h-11 flex-col items-center justify-center rounded-md border text-xs transition-colors ${side === "left" ? "border-side-a/40 bg-side-a-wash text-side-a hover:border-side-a" : "border-side-b/40 bg-side-b-wash text-side-b hover:border-side-b"}`}
            >
              <span className="flex items-center gap-1.5 font-medium">
                <Key>{key}</Key>
                {side === "left" ? "A" : "B"}
              </span>
              <span>{strengthWord(strength)}</span>
            </button>
          ))}
        </fieldset>
        <div className="mt-2 flex flex-wrap items-center gap-1.5">
          {others.map(({ key, kind, label }) => (
            <button
              key={key}
              type="button"
              aria-keyshortcuts={key}
              onClick={() => onChoose({ kind })}
              className={action}
            >
              <Key>{key.toUpperCase()}</Key> {label}
            </button>
          ))}
          <button type="button" aria-keyshortcuts="f" onClick={onFlag} className={action}>
            <Key>F</Key> Flag
          </button>
          {fields.map(({ key, field, label }) => (
            <button key={key} type="button" aria-keyshortcuts={key} onClick={() => onWrite(field)} className={action}>
              <Key>{key.toUpperCase()}</Key> {label}
              {written[field] && <span className="text-accent">written</span>}
            </button>
          ))}
          <span className="ml-auto flex flex-wrap gap-1.5">
            <button
              type="button"
              aria-keyshortcuts="d"
              aria-pressed={look === "diff"}
              onClick={() => onLook("diff")}
              className={action}
            >
              <Key>D</Key> Differences
            </button>
            <button
              type="button"
              aria-keyshortcuts="m"
              aria-pressed={look === "raw"}
              onClick={() => onLook("raw")}
              className={action}
            >
              <Key>M</Key> Raw text
            </button>
            <button type="button" aria-keyshortcuts="z" onClick={onUndo} disabled={!canUndo} className={action}>
              <Key>Z</Key> Undo
            </button>
          </span>
        </div>
        {children}
      </div>
    </div>
  );
}
