// What is typed beside a vote, kept in this browser from the first letter until the vote is given: by person, queue and pair.
import { useMemo, useSyncExternalStore } from "react";
import type { Ratings, TaskDto, VoteDto } from "@/lib/annotation/judging/judging-schema";
import { drop, keep, keptUnder, subscribe } from "./kept";

/** What goes along with a vote. */
export interface Beside {
  rationale: string;
  rewrite: string;
  aspects: Ratings;
}

/** What a vote that is to be given again had beside it; nothing beside a new one. */
export const besideOf = (said: Omit<VoteDto, "choice"> | null): Beside => ({
  rationale: said?.rationale ?? "",
  rewrite: said?.rewrite ?? "",
  aspects: said?.aspects ?? {},
});

export const isWritten = ({ rationale, rewrite, aspects }: Beside) =>
  rationale !== "" || rewrite !== "" || Object.keys(aspects).length > 0;

export interface Drafts {
  beside: Beside;
  write: (task: TaskDto, beside: Beside) => void;
  forget: (task: TaskDto) => void;
}

/** The draft on a task, else what was said of it before. */
export function useDrafts(owner: string, task: TaskDto | undefined, said: VoteDto | null): Drafts {
  const nameOf = ({ id, mirror }: TaskDto) => `draft/${owner}/${id}${mirror ? "/mirror" : ""}`;
  const text = useSyncExternalStore(
    subscribe,
    () => (task ? keptUnder(nameOf(task)) : null),
    () => null,
  );
  return {
    beside: useMemo(() => (text ? (JSON.parse(text) as Beside) : besideOf(said)), [text, said]),
    write: (on, beside) => keep(nameOf(on), JSON.stringify(beside)),
    forget: (on) => drop(nameOf(on)),
  };
}
