import { useEffect, useRef, useState } from "react";
import { z } from "zod";
import { mix } from "@/lib/runs/chosen-sets";
import { rankable } from "@/spec/metrics/catalogue";

const draft = z.object({
  name: z.string(),
  set: z.string(),
  mix: mix.nullable().default(null),
  evaluation: z.string().default(""),
  preset: z.string(),
  notBefore: z.string().default(""),
  config: z.looseObject({ method: z.string() }),
  sweep: z.object({
    rows: z.array(z.object({ path: z.string(), text: z.string() })),
    draws: z.string(),
    halving: z
      .object({ metric: z.enum(rankable), firstRung: z.string(), factor: z.string() })
      .nullable()
      .default(null),
  }),
});
/** What somebody filled in and has not started. */
export type Draft = z.infer<typeof draft>;

const keyOf = (place: string) => `launch-draft:${place}`;

function read(place: string): Draft | null {
  try {
    return draft.safeParse(JSON.parse(localStorage.getItem(keyOf(place)) ?? "null")).data ?? null;
  } catch {
    return null;
  }
}

function write(place: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(keyOf(place));
    else localStorage.setItem(keyOf(place), text);
  } catch {} // a full or forbidden store: nothing is kept
}

/** Keeps what is filled in, and puts it back into the form at the same address after a reload or a way round. */
export function useDraft(place: string, now: Draft, restore: (draft: Draft) => void) {
  const text = JSON.stringify(now);
  const first = useRef(text);
  const ended = useRef(false);
  const [state, setState] = useState<"unread" | "none" | "restored">("unread");
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the form opens
  useEffect(() => {
    const kept = read(place);
    if (kept) restore(kept);
    setState(kept ? "restored" : "none");
  }, []);
  useEffect(() => {
    if (state !== "unread" && !ended.current) write(place, text === first.current ? null : text);
  }, [place, state, text]);
  return {
    restored: state === "restored",
    discard() {
      restore(JSON.parse(first.current) as Draft);
      setState("none");
    },
    /** Once it is started. */
    end() {
      ended.current = true;
      write(place, null);
    },
  };
}
