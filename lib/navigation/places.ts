import "server-only";
import { desc, isNull } from "drizzle-orm";
import { appDb } from "../db/client";
import { queues } from "../db/tables/queues";
import { runs } from "../db/tables/runs";
import type { Places } from "./places-schema";

const mostRuns = 1000;

export const allPlaces = (): Places => ({
  datasets: appDb()
    .select({ id: queues.id, name: queues.name })
    .from(queues)
    .where(isNull(queues.deletedAt))
    .orderBy(desc(queues.id))
    .all(),
  runs: appDb()
    .select({ id: runs.id, name: runs.name, status: runs.status })
    .from(runs)
    .orderBy(desc(runs.createdAt))
    .limit(mostRuns)
    .all(),
});
