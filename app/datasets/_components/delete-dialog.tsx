"use client";

import type { HangsOn } from "@/lib/datasets/manage/hangs-on";
import { Confirm } from "../../ui/confirm";

interface Props {
  name: string;
  hangsOn: HangsOn;
  busy: boolean;
  onDelete: () => void;
  onClose: () => void;
}

const count = (n: number, one: string, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
/** Runs that are named; the others are counted. */
const named = 5;

/** What hangs on several, as if on one: of the people it is not known who annotated in more than one. */
export const together = (datasets: { hangsOn: HangsOn }[]): HangsOn => ({
  records: datasets.reduce((sum, { hangsOn }) => sum + hangsOn.records, 0),
  votes: datasets.reduce((sum, { hangsOn }) => sum + hangsOn.votes, 0),
  annotators: Math.max(0, ...datasets.map(({ hangsOn }) => hangsOn.annotators)),
  runs: [...new Map(datasets.flatMap(({ hangsOn }) => hangsOn.runs.map((run) => [run.id, run]))).values()],
});

/** What is deleted with one dataset or several, and what stays. */
export function DeleteDialog({ name, hangsOn: { records, votes, annotators, runs }, busy, onDelete, onClose }: Props) {
  return (
    <Confirm title={`Delete ${name}?`} yes="Delete" deletes disabled={busy} onYes={onDelete} onClose={onClose}>
      <ul className="grid list-disc gap-1 pl-5">
        <li>
          {count(records, "record")}
          {votes > 0 && ` with ${count(votes, "annotation")} by ${count(annotators, "person", "people")}`} can no longer
          be seen, annotated or exported.
        </li>
        {runs.length > 0 && (
          <li>
            {count(runs.length, "run was", "runs were")} trained on it and {runs.length === 1 ? "keeps" : "keep"} the
            rows as they were frozen:{" "}
            {runs
              .slice(0, named)
              .map((run) => run.name)
              .join(", ")}
            {runs.length > named && ` and ${runs.length - named} more`}.
          </li>
        )}
      </ul>
      <p className="mt-3 text-soft">
        You can undo this for ten seconds. To put it out of the way and keep it, archive it.
      </p>
    </Confirm>
  );
}
