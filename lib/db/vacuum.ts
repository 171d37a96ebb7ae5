// Writes the database files anew, without what deleted and changed rows have left in them.
import { statSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { retryOnBusy } from "./busy";
import { appDb, type Db, metricsDb } from "./client";
import type { Vacuumed } from "./vacuum-schema";
import type { DatabaseName } from "./versions";

const databases = { app: appDb, metrics: metricsDb };
/** Full-text indexes keep the words of deleted texts until their parts are merged. */
const indexes = { app: ["item_texts", "vote_texts"], metrics: [] } as const;

export async function vacuum(database: DatabaseName): Promise<Vacuumed> {
  const { $client: sqlite } = databases[database]();
  const before = statSync(sqlite.name).size;
  retryOnBusy(() => {
    for (const index of indexes[database]) sqlite.exec(`INSERT INTO ${index} (${index}) VALUES ('optimize')`);
    sqlite.exec("VACUUM");
  });
  const logIsEmpty = await emptyLog(sqlite);
  return { database, before, after: statSync(sqlite.name).size, logIsEmpty };
}

const tries = 50;

/** Others read from the log for moments only, or for as long as they run: a replica. */
async function emptyLog(sqlite: Db["$client"]): Promise<boolean> {
  for (let i = 0; i < tries; i++) {
    const [{ busy }] = sqlite.pragma("wal_checkpoint(TRUNCATE)") as [{ busy: number }];
    if (busy === 0) return true;
    await wait(100);
  }
  return false;
}
