// How annotators do where the right verdict is known, and where they saw a pair twice.
import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { isCounted, isOpinion, notUndone, standingWhere, undo } from "../judging/standing-votes";

/** A vote, and whether it was as it should be. */
export interface Check {
  annotatorId: number;
  right: boolean;
}

/** Votes on gold pairs; skipped ones say nothing. */
export const goldChecks = (queueId: number): Check[] =>
  standingWhere(and(eq(items.queueId, queueId), isNotNull(items.gold), eq(judgements.mirror, false), isCounted))
    .all()
    .filter(({ vote }) => isOpinion(vote.verdict!))
    .map(({ item, vote: { annotatorId, verdict } }) => ({ annotatorId, right: verdict === item.gold!.verdict }));

const once = alias(judgements, "once");
const onceUndo = alias(judgements, "once_undo");

/** Votes on mirrored pairs: as on the first showing, or not. */
export const mirrorChecks = (queueId: number): Check[] =>
  appDb()
    .select({ annotatorId: judgements.annotatorId, again: judgements, before: once })
    .from(judgements)
    .innerJoin(items, eq(items.id, judgements.itemId))
    .leftJoin(undo, eq(undo.undoes, judgements.seq))
    .innerJoin(
      once,
      and(
        eq(once.itemId, judgements.itemId),
        eq(once.annotatorId, judgements.annotatorId),
        eq(once.kind, "vote"),
        eq(once.mirror, false),
        eq(once.extra, false),
      ),
    )
    .leftJoin(onceUndo, eq(onceUndo.undoes, once.seq))
    .where(and(eq(items.queueId, queueId), eq(judgements.mirror, true), isCounted, notUndone, isNull(onceUndo.seq)))
    .all()
    .filter(({ again, before }) => isOpinion(again.verdict!) && isOpinion(before.verdict!))
    .map(({ annotatorId, again, before }) => ({
      annotatorId,
      right: again.verdict === before.verdict && again.wrongStep === before.wrongStep,
    }));
