import type { MouseEvent, ReactNode } from "react";
import { Key } from "../../../ui/buttons";
import { type Action, keySign } from "./keys";

interface DockProps {
  actions: Action[];
  act: (action: Action) => void;
  /** Actions that are on, and those that are unavailable. */
  pressed: string[];
  disabled: string[];
  /** Fields that hold a draft. */
  written: string[];
  /** Shown in place of the votes: a ranking's letters. */
  ranking?: ReactNode;
  /** The panel under the buttons. */
  children: ReactNode;
}

/** Ignores the second click of a double click, which would vote on the next record. */
const once = (act: () => void) => (event: MouseEvent) => event.detail > 1 || act();

const button =
  "flex min-h-9 items-center gap-1.5 rounded-md border bg-surface px-2.5 text-xs hover:bg-raised disabled:opacity-50";
const sideLook = {
  left: "border-side-a/40 bg-side-a-wash text-side-a hover:border-side-a",
  right: "border-side-b/40 bg-side-b-wash text-side-b hover:border-side-b",
};
const rightAligned = ["diff", "raw", "back", "undo"];
const inTopBar = ["forward", "guide", "sheet"];

/** A bar from "A much better" to "B much better", then the rest; each button shows its key. */
export function Dock({ actions, act, pressed, disabled, written, ranking, children }: DockProps) {
  const sides = actions.filter(({ choice }) => choice?.kind === "left" || choice?.kind === "right");
  const others = actions.filter((action) => !sides.includes(action) && !inTopBar.includes(action.id));
  const shown = (action: Action) => (
    <button
      key={action.id}
      type="button"
      aria-keyshortcuts={action.key}
      aria-pressed={["diff", "raw"].includes(action.id) ? pressed.includes(action.id) : undefined}
      disabled={disabled.includes(action.id)}
      onClick={once(() => act(action))}
      className={button}
    >
      <Key>
        {action.shift && "⇧ "}
        {keySign(action.key)}
      </Key>{" "}
      {action.label}
      {written.includes(action.id) && <span className="text-accent">draft</span>}
    </button>
  );
  return (
    <div className="sticky bottom-0 z-20 mt-auto border-t bg-canvas px-3 py-3">
      <div className="mx-auto max-w-5xl">
        {ranking ?? (
          <fieldset className={`grid gap-1 ${sides.length === 2 ? "grid-cols-2" : "grid-cols-4 sm:grid-cols-8"}`}>
            <legend className="sr-only">Which answer is better?</legend>
            {sides.map((action) => {
              const kind = action.choice!.kind as "left" | "right";
              const name = kind === "left" ? "A" : "B";
              return (
                <button
                  key={action.id}
                  type="button"
                  aria-keyshortcuts={action.key}
                  aria-label={action.does?.replace(" is", "")}
                  onClick={once(() => act(action))}
                  className={`flex min-h-11 flex-col items-center justify-center rounded-md border text-xs transition-colors ${sideLook[kind]}`}
                >
                  <span className="flex items-center gap-1.5 font-medium">
                    <Key>{keySign(action.key)}</Key>
                    {name}
                  </span>
                  <span>{sides.length === 2 ? "better" : action.label}</span>
                </button>
              );
            })}
          </fieldset>
        )}
        <div className="mt-2 flex flex-wrap items-center gap-1.5">
          {others.filter(({ id }) => !rightAligned.includes(id)).map(shown)}
          <span className="ml-auto flex flex-wrap gap-1.5">
            {others.filter(({ id }) => rightAligned.includes(id)).map(shown)}
          </span>
        </div>
        {children}
      </div>
    </div>
  );
}
