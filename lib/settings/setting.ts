// A setting by its name. Unmarked, so that the runner reads and writes it in plain Node.
import { eq } from "drizzle-orm";
import { appDb } from "../db/client";
import { settings } from "../db/tables/settings";

export const setting = (name: string): string | null =>
  appDb().select().from(settings).where(eq(settings.name, name)).get()?.value ?? null;

export function keepSetting(name: string, value: string): void {
  appDb().insert(settings).values({ name, value }).onConflictDoUpdate({ target: settings.name, set: { value } }).run();
}

export function dropSetting(name: string): void {
  appDb().delete(settings).where(eq(settings.name, name)).run();
}
