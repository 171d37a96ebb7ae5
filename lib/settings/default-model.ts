// The model that runs on one's own data and generated responses begin with, where somebody chose one.
import "server-only";
import { eq } from "drizzle-orm";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { settings } from "../db/tables/settings";

const entry = "default model";

/** Null where nobody chose one: then each template has its own. */
export const defaultModel = (): string | null =>
  appDb().select().from(settings).where(eq(settings.name, entry)).get()?.value ?? null;

export const chooseDefaultModel = (source: string | null): Promise<void> =>
  retryOnBusyAsync(() => {
    if (source === null) appDb().delete(settings).where(eq(settings.name, entry)).run();
    else
      appDb()
        .insert(settings)
        .values({ name: entry, value: source })
        .onConflictDoUpdate({ target: settings.name, set: { value: source } })
        .run();
  });
