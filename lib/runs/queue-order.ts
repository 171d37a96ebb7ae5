// The order of queued runs: that of their launch, unless somebody has moved one. Unmarked, so that the runner reads it in plain Node.
import { asc, eq, sql } from "drizzle-orm";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";

/** What runs are queued by; those of one launch are a millisecond apart. */
export const turnOf = sql<number>`coalesce(${runs.turn}, ${runs.createdAt})`;

/** In their order. */
export const queuedRuns = (): { id: string; turn: number }[] =>
  appDb()
    .select({ id: runs.id, turn: turnOf })
    .from(runs)
    .where(eq(runs.status, "queued"))
    .orderBy(asc(turnOf), asc(runs.id))
    .all();
