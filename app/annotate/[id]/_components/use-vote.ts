import { useEffect, useState } from "react";
import type { Choice, TaskDto } from "@/lib/annotation/judging/judging-schema";
import { createActiveClock, followPage } from "./active-time";
import type { VoteDetails } from "./drafts";
import { post } from "./outbox";

/** Posts votes on the task that is shown, with the active time spent on it, under the guidelines on this screen. */
export function useVote(
  shown: TaskDto | undefined,
  guidelines: number,
): (task: TaskDto, choice: Choice, details: VoteDetails) => void {
  const [clock] = useState(createActiveClock);
  useEffect(() => followPage(clock), [clock]);
  const key = shown?.key;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock restarts with each task
  useEffect(() => {
    clock.restart(performance.now());
    window.scrollTo({ top: 0 });
  }, [key]);
  return ({ id, prompt, mirror, revises }, choice, { aspects, ...words }) => {
    post(
      {
        key: crypto.randomUUID(),
        itemId: id,
        choice,
        ...words,
        aspects: Object.keys(aspects).length > 0 ? aspects : null,
        activeMs: clock.read(performance.now()),
        mirror,
        revises,
        guidelines,
      },
      prompt.at(-1)?.content?.slice(0, 200) ?? "",
    );
  };
}
