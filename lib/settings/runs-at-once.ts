// How many runs train on this machine at once. Unmarked, so that the runner reads it in plain Node.
import { eq } from "drizzle-orm";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { settings } from "../db/tables/settings";

const entry = "runs at once";

/** One, unless somebody has chosen more. */
export const runsAtOnce = (): number =>
  Number(appDb().select().from(settings).where(eq(settings.name, entry)).get()?.value ?? 1);

export const allowAtOnce = (count: number): Promise<void> =>
  retryOnBusyAsync(() => {
    const value = String(count);
    appDb()
      .insert(settings)
      .values({ name: entry, value })
      .onConflictDoUpdate({ target: settings.name, set: { value } })
      .run();
  });
