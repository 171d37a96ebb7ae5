// A stored vote as its annotator's screen shows it, and whether a request repeats it.
import { isDeepStrictEqual } from "node:util";
import { and, eq, sql } from "drizzle-orm";
import { appDb } from "../../db/client";
import { type Item, items } from "../../db/tables/items";
import { type Aspects, type Judgement, judgements } from "../../db/tables/judgements";
import { earlierWords } from "../../db/tables/record-changes";
import { isSingle } from "../items/single-answers";
import type { JudgementInput, Ratings, VoteDto } from "./judging-schema";
import { answersOf, choiceOf, judgedWith, orderOf, verdictsOf } from "./rankings";
import { orderFor } from "./tasks";

/** Ratings of left and right as ratings of first and second, or back. */
export const swapped = (ratings: Ratings | Aspects, order: number[]): Aspects =>
  Object.fromEntries(
    Object.entries(ratings).map(([aspect, [a, b]]) => [aspect, order[0] === 0 ? [a, b] : [b, a]] as const),
  );

/** The rows of one vote on a ranking, by place: they share a key prefix. */
export const votesWith = (vote: Judgement, item: Item): Judgement[] =>
  item.ranking === null
    ? [vote]
    : appDb()
        .select({ vote: judgements })
        .from(judgements)
        .innerJoin(items, eq(items.id, judgements.itemId))
        .where(
          and(
            eq(items.ranking, item.ranking),
            eq(judgements.kind, "vote"),
            sql`(${judgements.key} = ${vote.key} OR ${judgements.key} LIKE ${`${vote.key}/%`})`,
          ),
        )
        .orderBy(items.place)
        .all()
        .map(({ vote }) => vote);

/** A vote in terms of the answers' order on its annotator's screen. */
export function voteDtoOf(vote: Judgement, item: Item): VoteDto {
  const order = orderFor(vote.annotatorId, item, answersOf(judgedWith(item)).length, vote.mirror);
  const { rationale, rewrite, aspects, tags } = vote;
  return {
    choice: choiceOf(votesWith(vote, item), order),
    rationale,
    rewrite,
    tags,
    aspects: aspects && swapped(aspects, order),
  };
}

/** Reason, rewrite, ratings and tags of a vote; what was not sent is kept from the vote that it revises. */
export function voteDetails(input: JudgementInput, order: number[], earlier: Judgement | undefined) {
  const { rationale, rewrite, aspects, tags } = input;
  return {
    rationale: rationale === undefined ? (earlier?.rationale ?? null) : rationale,
    rewrite: rewrite === undefined ? (earlier?.rewrite ?? null) : rewrite,
    aspects: aspects === undefined ? (earlier?.aspects ?? null) : aspects && swapped(aspects, order),
    tags: tags === undefined ? (earlier?.tags ?? null) : tags,
  };
}

/** What a vote's words were when it was sent: they may have been masked since. */
function wordsSent({ seq, rationale, rewrite }: Judgement): Pick<Judgement, "rationale" | "rewrite"> {
  const [first] = appDb().select().from(earlierWords).where(eq(earlierWords.vote, seq)).orderBy(earlierWords.seq).all();
  return first ?? { rationale, rewrite };
}

/** Whether the vote stored under a request's key is the same vote. */
export function isSameVote(vote: Judgement, annotatorId: number, item: Item, input: JudgementInput): boolean {
  const { choice, mirror = false, revises = false } = input;
  if (vote.kind !== "vote" || vote.annotatorId !== annotatorId || vote.itemId !== item.id) return false;
  const stored = votesWith(vote, item);
  const order = isSingle(item) ? [0] : orderOf(stored);
  const { aspects, tags } = vote;
  const { rationale, rewrite } = wordsSent(vote);
  const sent = voteDetails(input, order, revises ? { ...vote, rationale, rewrite } : undefined);
  return (
    vote.mirror === mirror &&
    isDeepStrictEqual({ rationale, rewrite, aspects, tags }, sent) &&
    isDeepStrictEqual(
      stored.map(({ verdict, strength, wrongStep, reason, shownLeft }) => ({
        ...{ verdict, strength, wrongStep, reason, shownLeft },
      })),
      verdictsOf(choice, order),
    )
  );
}
