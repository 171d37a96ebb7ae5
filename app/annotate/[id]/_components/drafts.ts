// Reason, tags, rewrite and ratings of the open record, kept in this browser until the vote is given: by person, dataset and record.
import { useMemo, useSyncExternalStore } from "react";
import type { Ratings, TaskDto, VoteDto } from "@/lib/annotation/judging/judging-schema";
import { fieldsIn, readEntry, removeEntry, subscribe, writeEntry } from "../../../ui/browser-store";

/** The texts that one may write with a vote. */
export type Field = "rationale" | "rewrite";

/** What is stored with a vote. */
export interface VoteDetails {
  rationale: string;
  rewrite: string;
  aspects: Ratings;
  tags: string[];
}

/** The details of a vote that is given again; empty ones for a new vote. */
export const detailsOf = (previous: Omit<VoteDto, "choice"> | null): VoteDetails => ({
  rationale: previous?.rationale ?? "",
  rewrite: previous?.rewrite ?? "",
  aspects: previous?.aspects ?? {},
  tags: previous?.tags ?? [],
});

export const hasDetails = ({ rationale, rewrite, aspects, tags }: VoteDetails) =>
  rationale !== "" || rewrite !== "" || tags.length > 0 || Object.keys(aspects).length > 0;

export interface Drafts {
  details: VoteDetails;
  write: (task: TaskDto, details: VoteDetails) => void;
  forget: (task: TaskDto) => void;
}

/** The draft on a task, or the details of the annotator's earlier vote. */
export function useDrafts(owner: string, task: TaskDto | undefined, previous: VoteDto | null): Drafts {
  const nameOf = ({ id, mirror }: TaskDto) => `draft/${owner}/${id}${mirror ? "/mirror" : ""}`;
  const text = useSyncExternalStore(
    subscribe,
    () => (task ? readEntry(nameOf(task)) : null),
    () => null,
  );
  return {
    details: useMemo(() => (text ? { ...detailsOf(null), ...fieldsIn(text) } : detailsOf(previous)), [text, previous]),
    write: (on, details) => writeEntry(nameOf(on), JSON.stringify(details)),
    forget: (on) => removeEntry(nameOf(on)),
  };
}
