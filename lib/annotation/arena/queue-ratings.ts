// Games of a queue whose pairs were written by two. Unmarked, so that tests read it in plain Node.
import { eq } from "drizzle-orm";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { nameOfWriter } from "../items/writer-names";
import { isOpinion, votesOf } from "../judging/standing-votes";
import { type Game, type Rating, ratings } from "./ratings";

/** Votes below which a rating says too little to be shown. */
export const leastVotes = 10;

/** Empty where all pairs have one writer, or too few votes. */
export function ratingsOf(queueId: number): Rating[] {
  const written = appDb()
    .select({ id: items.id, writers: items.writers })
    .from(items)
    .where(eq(items.queueId, queueId))
    .all();
  const games = new Map(
    written.flatMap(({ id, writers }): [number, Game][] =>
      writers && writers[0] !== writers[1] ? [[id, { first: writers[0], second: writers[1], outcomes: [] }]] : [],
    ),
  );
  for (const { itemId, verdict } of votesOf(queueId))
    if (isOpinion(verdict)) games.get(itemId)?.outcomes.push(verdict === "first" ? 1 : verdict === "second" ? 0 : 0.5);
  const voted = [...games.values()].filter(({ outcomes }) => outcomes.length > 0);
  if (voted.reduce((sum, { outcomes }) => sum + outcomes.length, 0) < leastVotes) return [];
  const nameOf = nameOfWriter();
  return ratings(voted).map((rating) => ({ ...rating, writer: nameOf(rating.writer) }));
}
