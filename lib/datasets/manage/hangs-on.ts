// What goes with a dataset when it is deleted, and which runs were trained on it: said before anybody deletes it.
import { runsOnLabelled, runsOnQueue } from "../../access/hidden-runs";
import { tallyOf } from "../../annotation/judging/tally";
import type { LabelledSet } from "../../db/tables/training-sets";
import { knownImporter } from "../../people/importer";

export interface HangsOn {
  records: number;
  votes: number;
  annotators: number;
  runs: { id: string; name: string }[];
}

export function hangsOnQueue(queueId: number): HangsOn {
  const { tasks, gold, votes, people } = tallyOf(queueId);
  const file = knownImporter();
  const annotators = [...people.values()].filter(({ id, votes }) => votes.size > 0 && id !== file).length;
  return { records: tasks.length + gold.length, votes, annotators, runs: runsOnQueue(queueId) };
}

export const hangsOnLabelled = ({ id, rows }: Pick<LabelledSet, "id" | "rows">): HangsOn => ({
  records: rows,
  votes: 0,
  annotators: 0,
  runs: runsOnLabelled(id),
});
