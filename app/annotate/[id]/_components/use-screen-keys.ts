import { useLayoutEffect } from "react";
import type { Choice } from "@/lib/annotation/judging/judging-schema";
import { flagReasons } from "@/spec/flag-reasons";
import { areKeysKept } from "./early-keys";
import type { Action } from "./keys";
import type { Panel } from "./side-panel";

interface Heard {
  /** Whether single keys are turned off. */
  off: boolean;
  actions: Action[];
  act: (action: Action) => void;
  judge: (choice: Choice) => void;
  panel: Panel | null;
  setPanel: (panel: null) => void;
  /** Ends what is shown after a practice record, where that is shown. */
  goOn: (() => void) | null;
  tags: string[];
  toggleTag: (tag: string) => void;
}

/** Hears the keys of the annotation screen. */
export function useScreenKeys({ off, actions, act, judge, panel, setPanel, goOn, tags, toggleTag }: Heard): void {
  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const tag = event.altKey && !event.ctrlKey && tags[Number(/^Digit([1-9])$/.exec(event.code)?.[1]) - 1];
    if (tag && !event.repeat) {
      event.preventDefault();
      return toggleTag(tag); // from within a text as well
    }
    if (areKeysKept() || event.repeat || event.altKey || target.closest("input, textarea, select, dialog")) return;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key !== "z") return;
    if (off && !event.ctrlKey && !event.metaKey) return;
    if (goOn && key === "enter") return goOn();
    if (panel === "flag") {
      const reason = flagReasons[Number(key) - 1];
      if (reason) return judge({ kind: "flag", reason });
    }
    if (panel && key === "escape") return setPanel(null);
    if (panel === "aspects" || panel === "comments") return; // digits rate here instead of voting; letters are typed
    const action = actions.find((one) => one.key === key);
    if (!action) return;
    event.preventDefault(); // arrows must not scroll, and the letter must not be typed into the opened field
    act(action);
  };
  // With the record's first frame, not after it: on a slow machine a key comes between the two.
  useLayoutEffect(() => {
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
}
