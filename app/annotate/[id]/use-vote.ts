import { useEffect, useState } from "react";
import type { Choice, Ratings, TaskDto } from "@/lib/judgements/schema";
import { createActiveClock, followPage } from "./active-time";
import { post } from "./outbox";

/** What goes along with a vote. */
export interface Beside {
  rationale: string;
  rewrite: string;
  aspects: Ratings;
}
export const nothingBeside: Beside = { rationale: "", rewrite: "", aspects: {} };

/** Posts votes on the task that is shown, with the time somebody really worked on it. */
export function useVote(shown: TaskDto | undefined): (task: TaskDto, choice: Choice, beside: Beside) => void {
  const [clock] = useState(createActiveClock);
  useEffect(() => followPage(clock), [clock]);
  const key = shown?.key;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock restarts with each task
  useEffect(() => {
    clock.restart(performance.now());
    window.scrollTo({ top: 0 });
  }, [key]);
  return ({ id, mirror, revises }, choice, { aspects, ...words }) =>
    post({
      key: crypto.randomUUID(),
      itemId: id,
      choice,
      ...words,
      aspects: Object.keys(aspects).length > 0 ? aspects : null,
      activeMs: clock.read(performance.now()),
      mirror,
      revises,
    });
}
