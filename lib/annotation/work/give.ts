// Giving people records of a dataset, and withdrawing them.
//
// The records that the fewest people have or have annotated are given first. For a whole share at a time this is the greedy algorithm of Gale
// and Ryser, so shares that add up to all annotations of the dataset can all be completed, whatever their sizes and their order
// (give.test.ts).
import { and, eq } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { appDb } from "../../db/client";
import { assignedWork } from "../../db/tables/assigned-work";
import { annotatorNames } from "../../people/annotator-names";
import { peopleOn } from "../comments/people";
import { workIn } from "../judging/assigned-records";
import { queueRow } from "../judging/queue-row";
import { tallyOf } from "../judging/tally";
import { isWork, type Pair, personIn } from "../judging/tally-state";
import { progressOf } from "./progress";
import type { AssignedWork, WorkInput } from "./work-schema";

/** Everybody's work in a dataset, and to whom some may be given. */
export function workOf(queueId: number, now: number): AssignedWork {
  const names = annotatorNames();
  const people = [...workIn(queueId).people.keys()].map((annotatorId) => ({
    annotatorId,
    name: names.get(annotatorId)!,
    ...progressOf(annotatorId, queueId, now)!,
  }));
  const busy = new Set(people.map(({ annotatorId }) => annotatorId));
  return {
    people: people.sort((a, b) => a.name.localeCompare(b.name)),
    others: peopleOn(queueId, ["annotate"]).flatMap(({ id, name }) =>
      busy.has(id) ? [] : [{ annotatorId: id, name }],
    ),
  };
}

/** Somebody has these from now on, in the place of what they had; of that stays as much as fits, what is done first. */
export function giveWork(queueId: number, { annotatorId, amount, due }: WorkInput, by: number, now: number): void {
  if (!peopleOn(queueId, ["annotate"]).some(({ id }) => id === annotatorId))
    throw new AppError(404, `Nobody with the number ${annotatorId} may annotate this dataset.`);
  appDb().transaction(
    (tx) => {
      const records = chosen(queueId, annotatorId, amount);
      const had = workIn(queueId).people.get(annotatorId);
      if (records.length === 0)
        throw new AppError(
          409,
          "No record is left to give: each has all its annotations, or people who are to annotate it.",
        );
      if (had) tx.delete(assignedWork).where(ofPerson(queueId, annotatorId)).run();
      tx.insert(assignedWork).values({ queueId, annotatorId, records, due, givenBy: by, createdAt: now }).run();
    },
    { behavior: "immediate" },
  );
}

const ofPerson = (queueId: number, annotatorId: number) =>
  and(eq(assignedWork.queueId, queueId), eq(assignedWork.annotatorId, annotatorId));

/** What they annotated of it stays. */
export function withdrawWork(queueId: number, annotatorId: number): void {
  const { changes } = appDb().delete(assignedWork).where(ofPerson(queueId, annotatorId)).run();
  if (changes === 0) throw new AppError(404, `Nothing of this dataset is assigned to annotator ${annotatorId}.`);
}

/** In the order of the dataset. */
function chosen(queueId: number, annotatorId: number, amount: WorkInput["amount"]): number[] {
  const tally = tallyOf(queueId);
  const { overlap } = queueRow(queueId)!;
  const { people, holders } = workIn(queueId);
  const { judged } = personIn(tally, annotatorId);
  const all = tally.tasks.filter(isWork);
  const count = "records" in amount ? amount.records : Math.ceil((amount.percent / 100) * all.length);
  const had = people.get(annotatorId)?.records;
  const isPromised = (pair: Pair) => (other: number) =>
    other !== annotatorId && !personIn(tally, other).judged.has(pair.id);
  const places = (pair: Pair) => pair.opinions + (holders.get(pair.id) ?? []).filter(isPromised(pair)).length;
  const kept = had ? all.filter(({ id }) => had.has(id)) : [];
  const fresh = all
    .filter(({ id }) => !had?.has(id) && !judged.has(id))
    .map((pair) => ({ pair, taken: places(pair) }))
    .filter(({ taken }) => overlap === null || taken < overlap)
    .sort((a, b) => a.taken - b.taken)
    .map(({ pair }) => pair);
  const byDone = [...kept.filter(({ id }) => judged.has(id)), ...kept.filter(({ id }) => !judged.has(id))];
  return [...byDone, ...fresh]
    .slice(0, count)
    .sort((a, b) => a.position - b.position)
    .map(({ id }) => id);
}
