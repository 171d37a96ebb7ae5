// Versions of a dataset's guidelines. Who has annotated under an earlier one is asked to read a newer one, unless its writer thought it minor.
import { and, asc, count, desc, eq, lte, max, type SQL, sql } from "drizzle-orm";
import { appDb } from "../../db/client";
import { prepared } from "../../db/prepared";
import { guidelineAgreements, guidelineVersions } from "../../db/tables/guidelines";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import type { Queue } from "../../db/tables/queues";
import { translatedError } from "../../messages/translated-error";
import { annotatorNames } from "../../people/annotator-names";
import type { GuidelineVersionDto, UnreadGuidelines } from "./guidelines-schema";

const newestOf = (queueId: number, where?: SQL) =>
  appDb()
    .select()
    .from(guidelineVersions)
    .where(and(eq(guidelineVersions.queueId, queueId), where))
    .orderBy(desc(guidelineVersions.number))
    .limit(1)
    .get();

const numbers = prepared((db) =>
  db
    .select({ newest: max(guidelineVersions.number), asking: sql<number | null>`max(iif(asks, number, NULL))` })
    .from(guidelineVersions)
    .where(eq(guidelineVersions.queueId, sql.placeholder("queueId")))
    .prepare(),
);

/** 0 before the first. */
export const newestGuidelines = (queueId: number): number => numbers().get({ queueId })!.newest ?? 0;

interface Written extends Pick<Queue, "id" | "guidelines"> {
  by: number | null;
  asks: boolean;
}

/** Keeps guidelines as a version of their own where they differ from the newest. */
export function keepGuidelines({ id, guidelines, by, asks }: Written, now: number): void {
  const newest = newestOf(id);
  if (guidelines === (newest?.guidelines ?? "")) return;
  const number = (newest?.number ?? 0) + 1;
  appDb()
    .insert(guidelineVersions)
    .values({ queueId: id, number, guidelines, asks, annotatorId: by, createdAt: now })
    .run();
}

/** What this person is to read before their next record; null for those who begin here, who have no earlier version in mind. */
export function unreadGuidelines(annotatorId: number, queueId: number): UnreadGuidelines | null {
  const { asking } = numbers().get({ queueId })!;
  if (asking === null) return null;
  const known = lastKnown(annotatorId, queueId);
  if (known === null || known >= asking) return null;
  const newest = newestOf(queueId)!;
  const before = newestOf(queueId, eq(guidelineVersions.number, known))?.guidelines ?? "";
  const who = newest.annotatorId === null ? null : (annotatorNames().get(newest.annotatorId) ?? null);
  return { number: newest.number, who, at: newest.createdAt, before, after: newest.guidelines };
}

/** The newest version that they agreed to or voted under; null where they did neither. */
function lastKnown(annotatorId: number, queueId: number): number | null {
  const agreed = appDb()
    .select({ number: guidelineAgreements.number })
    .from(guidelineAgreements)
    .where(and(eq(guidelineAgreements.annotatorId, annotatorId), eq(guidelineAgreements.queueId, queueId)))
    .orderBy(desc(guidelineAgreements.number))
    .limit(1)
    .get();
  const vote = appDb()
    .select({ guidelines: judgements.guidelines, createdAt: judgements.createdAt })
    .from(judgements)
    .innerJoin(items, eq(items.id, judgements.itemId))
    .where(and(eq(judgements.annotatorId, annotatorId), eq(items.queueId, queueId), eq(judgements.kind, "vote")))
    .orderBy(desc(judgements.seq))
    .limit(1)
    .get();
  const known = [...(agreed ? [agreed.number] : []), ...(vote ? [vote.guidelines ?? inForce(queueId, vote)] : [])];
  return known.length === 0 ? null : Math.max(...known);
}

/** For votes of scripts, and of the time before versions were kept with votes. */
const inForce = (queueId: number, { createdAt }: { createdAt: number }): number =>
  newestOf(queueId, lte(guidelineVersions.createdAt, createdAt))?.number ?? 0;

/** Once is enough; the same again changes nothing. */
export function agreeToGuidelines(annotatorId: number, queueId: number, number: number, now: number): void {
  if (number > newestGuidelines(queueId))
    throw translatedError(404, "error.noGuidelines", { dataset: queueId, version: number });
  appDb()
    .insert(guidelineAgreements)
    .values({ annotatorId, queueId, number, createdAt: now })
    .onConflictDoNothing()
    .run();
}

/** Newest first, each with how many people agreed to it. */
export function listGuidelines(queueId: number): GuidelineVersionDto[] {
  const names = annotatorNames();
  return appDb()
    .select({ version: guidelineVersions, agreed: count(guidelineAgreements.annotatorId) })
    .from(guidelineVersions)
    .leftJoin(
      guidelineAgreements,
      and(
        eq(guidelineAgreements.queueId, guidelineVersions.queueId),
        eq(guidelineAgreements.number, guidelineVersions.number),
      ),
    )
    .where(eq(guidelineVersions.queueId, queueId))
    .groupBy(guidelineVersions.number)
    .orderBy(desc(guidelineVersions.number))
    .all()
    .map(({ version: { annotatorId, createdAt, number, guidelines, asks }, agreed }) => ({
      ...{ number, guidelines, asks, agreed, at: createdAt },
      who: annotatorId === null ? null : (names.get(annotatorId) ?? null),
    }));
}

/** Everybody's agreements on a dataset, oldest first. */
export const agreementsOn = (queueId: number) =>
  appDb()
    .select()
    .from(guidelineAgreements)
    .where(eq(guidelineAgreements.queueId, queueId))
    .orderBy(asc(guidelineAgreements.createdAt))
    .all();
