// Everything that ever happened on a queue, in its order: nothing is overwritten, so all of it is still there.
import { asc, eq, sql } from "drizzle-orm";
import { goodOrBad, noSecond } from "../../annotation/items/single-answers";
import { appDb } from "../../db/client";
import { exclusions, items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { queueChanges } from "../../db/tables/queues";
import { returns, rulings } from "../../db/tables/rulings";
import { annotatorNames } from "../../people/annotator-names";

interface Event {
  at: string;
  who: string;
  what: string;
  [fact: string]: unknown;
}

/** Votes and undos, rulings, exclusions, pairs sent back, changes of settings and guidelines. */
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
  const changed = appDb()
    .select()
    .from(queueChanges)
    .where(eq(queueChanges.queueId, queueId))
    .all()
    .map(({ createdAt, annotatorId, change }) => event(createdAt, annotatorId, "change", { change }));
  return [...votes, ...ruled, ...excluded, ...returned, ...changed].sort((a, b) => a.at.localeCompare(b.at));
}
