// Whether a runner is there to take runs up, by what it writes every few seconds (lib/runner/heartbeat.ts).
import { eq } from "drizzle-orm";
import { appDb } from "../db/client";
import { settings } from "../db/tables/settings";

/** The setting that it writes. */
export const runnerBeat = "runner.beat";
export const beatEveryMs = 3000;

export function runnerAlive(now: number): boolean {
  const row = appDb().select().from(settings).where(eq(settings.name, runnerBeat)).get();
  return isAlive(row?.value ?? null, now);
}

/** Whether a runner that wrote this beat still lives. */
export const isAlive = (beat: string | null, now: number): boolean =>
  beat !== null && now - (JSON.parse(beat) as { at: number }).at < 4 * beatEveryMs;
