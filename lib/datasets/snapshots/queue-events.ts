// Everything that ever happened on a queue, in its order: nothing is overwritten, so all of it is still there.
import { and, asc, eq, sql } from "drizzle-orm";
import { commentsIn } from "../../annotation/comments/list-comments";
import { agreementsOn } from "../../annotation/guidelines/versions";
import { goodOrBad, noSecond } from "../../annotation/items/single-answers";
import { appDb } from "../../db/client";
import { exclusions, items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { queueChanges } from "../../db/tables/queues";
import { earlierTexts, earlierWords, recordChanges } from "../../db/tables/record-changes";
import { returns, rulings } from "../../db/tables/rulings";
import { annotatorNames } from "../../people/annotator-names";

interface Event {
  at: string;
  who: string;
  what: string;
  [fact: string]: unknown;
}

/** Votes and undos, rulings, exclusions, pairs sent back, texts and words of votes that were masked or edited with what they were before, comments as they are now, changes of settings and guidelines, and who read these. */
export function eventsOf(queueId: number): Event[] {
  const names = annotatorNames();
  const event = (createdAt: number, who: number, what: string, facts: object): Event => ({
    at: new Date(createdAt).toISOString(),
    who: names.get(who)!,
    what,
    ...facts,
  });
  const here = eq(items.queueId, queueId);
  const single = sql<number>`${items.second} = ${noSecond}`;
  const votes = appDb()
    .select({ row: judgements, single })
    .from(judgements)
    .innerJoin(items, eq(items.id, judgements.itemId))
    .where(here)
    .orderBy(asc(judgements.seq))
    .all()
    .map(({ row: { createdAt, annotatorId, kind, key: _, verdict, ...facts }, single }) =>
      event(createdAt, annotatorId, kind, { verdict: (single && goodOrBad(verdict)) || verdict, ...facts }),
    );
  const ruled = appDb()
    .select({ row: rulings, single })
    .from(rulings)
    .innerJoin(items, eq(items.id, rulings.itemId))
    .where(here)
    .all()
    .map(({ row: { createdAt, reviewerId, verdict, ...facts }, single }) =>
      event(createdAt, reviewerId, "ruling", { verdict: (single && goodOrBad(verdict)) || verdict, ...facts }),
    );
  const excluded = appDb()
    .select({ row: exclusions })
    .from(exclusions)
    .innerJoin(items, eq(items.id, exclusions.itemId))
    .where(here)
    .all()
    .map(({ row: { createdAt, annotatorId, ...facts } }) => event(createdAt, annotatorId, "exclusion", facts));
  const returned = appDb()
    .select({ row: returns })
    .from(returns)
    .innerJoin(items, eq(items.id, returns.itemId))
    .where(here)
    .all()
    .map(({ row: { createdAt, reviewerId, annotatorId, ...facts } }) =>
      event(createdAt, reviewerId, "return", { to: names.get(annotatorId), ...facts }),
    );
  const texts = appDb()
    .select({ row: earlierTexts, version: recordChanges })
    .from(earlierTexts)
    .innerJoin(items, eq(items.id, earlierTexts.itemId))
    .innerJoin(
      recordChanges,
      and(eq(recordChanges.queueId, items.queueId), eq(recordChanges.number, earlierTexts.number)),
    )
    .where(here)
    .orderBy(asc(earlierTexts.seq))
    .all()
    .map(({ row: { itemId, prompt, first, second }, version: { createdAt, annotatorId, action, reason, number } }) =>
      event(createdAt, annotatorId, "texts", { action, reason, number, itemId, before: { prompt, first, second } }),
    );
  const words = appDb()
    .select({ row: earlierWords, itemId: items.id, version: recordChanges })
    .from(earlierWords)
    .innerJoin(judgements, eq(judgements.seq, earlierWords.vote))
    .innerJoin(items, eq(items.id, judgements.itemId))
    .innerJoin(
      recordChanges,
      and(eq(recordChanges.queueId, items.queueId), eq(recordChanges.number, earlierWords.number)),
    )
    .where(here)
    .orderBy(asc(earlierWords.seq))
    .all()
    .map(({ row: { vote, rationale, rewrite }, itemId, version: { createdAt, annotatorId, action, reason, number } }) =>
      event(createdAt, annotatorId, "words", { action, reason, number, itemId, vote, before: { rationale, rewrite } }),
    );
  const written = commentsIn(queueId).map(({ createdAt, annotatorId, resolvedBy, ...facts }) =>
    event(createdAt, annotatorId, "comment", { ...facts, resolvedBy: resolvedBy && names.get(resolvedBy) }),
  );
  const changed = appDb()
    .select()
    .from(queueChanges)
    .where(eq(queueChanges.queueId, queueId))
    .all()
    .map(({ createdAt, annotatorId, change }) => event(createdAt, annotatorId, "change", { change }));
  const agreed = agreementsOn(queueId).map(({ createdAt, annotatorId, number }) =>
    event(createdAt, annotatorId, "read", { guidelines: number }),
  );
  const all = [...votes, ...ruled, ...excluded, ...returned, ...texts, ...words, ...written, ...changed, ...agreed];
  return all.sort((a, b) => a.at.localeCompare(b.at));
}
