// Says that a runner is alive, so that the page can tell "waiting its turn" from "nobody is here to run it".
import { eq } from "drizzle-orm";
import { retryOnBusy } from "../db/busy";
import { appDb } from "../db/client";
import { settings } from "../db/schema";
import { orSay } from "./retry";

/** The setting that it is written to. */
export const runnerBeat = "runner.beat";
const everyMs = 3000;

export function beginHeartbeat(owner: string): () => void {
  const write = () => {
    const value = JSON.stringify({ owner, at: Date.now() });
    retryOnBusy(() =>
      appDb()
        .insert(settings)
        .values({ name: runnerBeat, value })
        .onConflictDoUpdate({ target: settings.name, set: { value } })
        .run(),
    );
  };
  orSay(write);
  const timer = setInterval(() => orSay(write), everyMs);
  return () => {
    clearInterval(timer);
    orSay(() => appDb().delete(settings).where(eq(settings.name, runnerBeat)).run());
  };
}

export function runnerAlive(now: number): boolean {
  const row = appDb().select().from(settings).where(eq(settings.name, runnerBeat)).get();
  return isAlive(row?.value ?? null, now);
}

/** Whether a runner that wrote this beat still lives. */
export const isAlive = (beat: string | null, now: number): boolean =>
  beat !== null && now - (JSON.parse(beat) as { at: number }).at < 4 * everyMs;
