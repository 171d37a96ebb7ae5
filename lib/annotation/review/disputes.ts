// Pairs on which annotators disagree, for a reviewer to decide. Unmarked, so that tests read it in plain Node.

import { and, asc, eq, inArray } from "drizzle-orm";
import { groupBy } from "../../../common/group-by";
import { AppError } from "../../../spec/errors";
import { appDb } from "../../db/client";
import { type Item, items } from "../../db/tables/items";
import { type Judgement, judgements } from "../../db/tables/judgements";
import { rulings } from "../../db/tables/rulings";
import { isPerson } from "../../people/importer";
import { countedVotes, sidesTaken } from "../agreement/counted-votes";
import { reliability } from "../agreement/reliability";
import { isSingle } from "../items/single-answers";
import { stepsAsked } from "../judging/asked-steps";
import type { DisputeDto, RulingInput } from "../judging/judging-schema";
import { reasonsOf } from "../judging/reasons";
import { type Ruled, rulingsOf } from "../judging/rulings";
import { isCounted, isOpinion, standingWhere } from "../judging/standing-votes";
import { tallyOf } from "../judging/tally";
import { isDisputed, type Pair, type QueueTally } from "../judging/tally-state";
import { asTask, sideFor } from "../judging/tasks";

/** How many open and how many resolved disputes a reviewer gets at once. */
const atOnce = 50;

/** Open disputes first, the least certain ones at the top. */
export function disputesOf(queueId: number, reviewerId: number): DisputeDto[] {
  const { first, disputed } = weighed(tallyOf(queueId));
  const doubt = ({ id }: Pair) => Math.abs((first.get(id) ?? 0.5) - 0.5);
  const open = disputed.filter(({ ruling }) => ruling === null).toSorted((a, b) => doubt(a) - doubt(b));
  const ruled = disputed.filter(({ ruling }) => ruling !== null).toSorted((a, b) => b.ruledAt - a.ruledAt);
  const shown = [...open.slice(0, atOnce), ...ruled.slice(0, atOnce)];
  const rows = groupBy(opinionsOn(shown.map(({ id }) => id)), ({ item }) => item.id);
  const rulings = rulingsOf(queueId);
  return shown.map(({ id }) => {
    const votes = rows.get(id)!;
    return asDispute(
      votes[0]!.item,
      votes.map(({ vote }) => vote),
      first.get(id) ?? 0.5,
      rulings.get(id) ?? null,
      reviewerId,
    );
  });
}

interface Weighed {
  version: number;
  /** By item the probability that the first answer is the better one. */
  first: Map<number, number>;
  disputed: Pair[];
}

const known = new WeakMap<QueueTally, Weighed>();

/** Reliability over all votes of a queue, recomputed only after a vote has changed; rulings do not change any. */
function weighed(tally: QueueTally): Weighed {
  const before = known.get(tally);
  if (before?.version === tally.version) return before;
  const votes = countedVotes(tally);
  const disputed = [...new Set(votes.map(({ vote }) => vote.pair))].filter(isDisputed);
  const now = { version: tally.version, first: reliability(sidesTaken(votes)).first, disputed };
  known.set(tally, now);
  return now;
}

const opinionsOn = (ids: number[]) =>
  standingWhere(
    and(inArray(judgements.itemId, ids), eq(judgements.mirror, false), isCounted, isPerson(judgements.annotatorId)),
  )
    .orderBy(asc(judgements.seq))
    .all()
    .filter(({ vote }) => isOpinion(vote.verdict!));

/** Of a single answer left says good. */
const leftFor = (reviewerId: number, item: Item) => (isSingle(item) ? "first" : sideFor(reviewerId, item.id));

/** `first` is the probability that the first answer is the better one. */
function asDispute(item: Item, votes: Judgement[], first: number, ruled: Ruled | null, reviewerId: number): DisputeDto {
  const left = leftFor(reviewerId, item);
  const ruling = ruled?.verdict ?? null;
  const sideOf = (answer: string) => (answer === left ? "left" : "right");
  return {
    ...asTask({ ...item, ranking: null }, reviewerId), // a pair of a ranking is ruled on by itself
    votes: votes.map((vote) => ({
      side: vote.verdict === "tie" || vote.verdict === "both_bad" ? vote.verdict : sideOf(vote.verdict!),
      strength: vote.strength,
      wrongStep: vote.wrongStep,
      reasons: reasonsOf(vote),
    })),
    leftProbability: left === "first" ? first : 1 - first,
    ruling: ruling === null || ruling === "neither" ? ruling : sideOf(ruling),
    ruledStep: ruled?.wrongStep ?? null,
  };
}

/** Appends a ruling. */
export function rule(reviewerId: number, { itemId, ruling, step }: RulingInput, now: number): void {
  const item = appDb().select().from(items).where(eq(items.id, itemId)).get();
  if (!item) throw new AppError(404, `There is no record ${itemId}.`);
  const steps = stepsAsked(item)?.length ?? 0;
  if (step !== undefined && step > steps)
    throw new AppError(422, `Record ${itemId} has ${steps} steps to name; this is step ${step}.`);
  if ((step !== undefined) !== (steps > 0 && ruling === "right"))
    throw new AppError(
      422,
      `Of a solution "right" names the first wrong step, and no other ruling does; for record ${itemId} this is "${ruling}", step ${step ?? "none"}.`,
    );
  const left = leftFor(reviewerId, item);
  const verdict = ruling === "left" ? left : ruling === "right" ? (left === "first" ? "second" : "first") : ruling;
  appDb()
    .insert(rulings)
    .values({ itemId, reviewerId, verdict, wrongStep: step ?? null, createdAt: now })
    .run();
}
