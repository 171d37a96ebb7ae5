// Judges beside the people: how often they say the same, how far they can be trusted, and what they cost. Each is weighed with the people alone:
// two models that err alike would vouch for each other.
import { and, eq, isNull } from "drizzle-orm";
import { groupBy } from "../../../common/group-by";
import { sum } from "../../../spec/statistics";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { type Judgement, judgements } from "../../db/tables/judgements";
import { type JudgeVote, judgeVotes } from "../../db/tables/judges";
import { annotatorNames } from "../../people/annotator-names";
import { isIncluded } from "../judging/overlap";
import { notUndone, type StandingVote, undo } from "../judging/standing-votes";
import type { JudgeDto } from "./agreement-schema";
import { goldChecks } from "./rater-checks";
import { reliability } from "./reliability";
import { reliabilityInterval } from "./reliability-interval";
import { shareOf } from "./share-of";
import { sidesOf } from "./sides-of";

export type JudgesVote = Judgement & { verdict: "first" | "second" | "tie" } & Omit<JudgeVote, "vote">;

/** Votes of judges that stand, on records that are neither gold nor excluded. */
export const judgesVotesOn = (queueId: number): JudgesVote[] =>
  appDb()
    .select({ vote: judgements, said: judgeVotes })
    .from(judgeVotes)
    .innerJoin(judgements, eq(judgements.seq, judgeVotes.vote))
    .innerJoin(items, eq(items.id, judgements.itemId))
    .leftJoin(undo, eq(undo.undoes, judgements.seq))
    .where(and(notUndone, eq(items.queueId, queueId), isNull(items.gold), isIncluded))
    .all()
    .map(({ vote, said: { vote: _, ...said } }) => ({ ...vote, ...said }) as JudgesVote);

/** `people`: their votes that compare the answers. */
export function judgesOf(queueId: number, people: StandingVote[]): JudgeDto[] {
  const votes = groupBy(judgesVotesOn(queueId), ({ annotatorId }) => annotatorId);
  if (votes.size === 0) return [];
  const [names, gold, costs] = [annotatorNames(), goldChecks(queueId), costsIn(queueId)];
  const byItem = groupBy(people, ({ itemId }) => itemId);
  return [...votes].map(([id, own]) => ({
    ...{ id, name: names.get(id)!, judged: own.length, ties: own.filter(({ verdict }) => verdict === "tie").length },
    agreement: shareOf(
      own.flatMap((vote) => (byItem.get(vote.itemId) ?? []).map(({ verdict }) => verdict === vote.verdict)),
    ),
    reliability: reliabilityInterval(sidesOf([...people, ...own]), id),
    gold: shareOf(gold.flatMap(({ annotatorId, right }) => (annotatorId === id ? [right] : []))),
    consistency: shareOf(own.map(({ firstShown, secondShown }) => firstShown === secondShown)),
    left: shareOf(
      own.flatMap(({ firstShown, secondShown }) => [
        ...(firstShown === "tie" ? [] : [firstShown === "first"]),
        ...(secondShown === "tie" ? [] : [secondShown === "second"]),
      ]),
    ),
    cost: costs.get(id) ?? 0,
  }));
}

/** By judge, over all votes here that it ever gave. */
function costsIn(queueId: number): Map<number, number> {
  const all = appDb()
    .select({ id: judgements.annotatorId, cost: judgeVotes.cost })
    .from(judgeVotes)
    .innerJoin(judgements, eq(judgements.seq, judgeVotes.vote))
    .innerJoin(items, eq(items.id, judgements.itemId))
    .where(eq(items.queueId, queueId))
    .all();
  return new Map([...groupBy(all, ({ id }) => id)].map(([id, own]) => [id, sum(own.map(({ cost }) => cost))]));
}

/** By record the probability that its first answer is the better one, as judges alone say: each counts as reliable as it is beside people. */
export function judgesSure(queueId: number, people: StandingVote[]): Map<number, number> {
  const odds = new Map<number, number>();
  for (const [id, own] of groupBy(judgesVotesOn(queueId), ({ annotatorId }) => annotatorId)) {
    const a = reliability(sidesOf([...people, ...own])).accuracy.get(id);
    if (a === undefined) continue;
    for (const { item, first } of sidesOf(own))
      odds.set(item, (odds.get(item) ?? 0) + (first ? 1 : -1) * Math.log(a / (1 - a)));
  }
  return new Map([...odds].map(([item, log]) => [item, 1 / (1 + Math.exp(-log))]));
}
