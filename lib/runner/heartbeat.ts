// Says that a runner is alive, so that the page can tell "waiting its turn" from "nobody is here to run it".
import { eq } from "drizzle-orm";
import { retryOnBusy } from "../db/busy";
import { appDb } from "../db/client";
import { settings } from "../db/schema";
import { orSay } from "./retry";

const name = "runner.beat";
const everyMs = 3000;

export function beginHeartbeat(owner: string): () => void {
  const write = () => {
    const value = JSON.stringify({ owner, at: Date.now() });
    retryOnBusy(() =>
      appDb()
        .insert(settings)
        .values({ name, value })
        .onConflictDoUpdate({ target: settings.name, set: { value } })
        .run(),
    );
  };
  orSay(write);
  const timer = setInterval(() => orSay(write), everyMs);
  return () => {
    clearInterval(timer);
    orSay(() => appDb().delete(settings).where(eq(settings.name, name)).run());
  };
}

export function runnerAlive(now: number): boolean {
  const row = appDb().select().from(settings).where(eq(settings.name, name)).get();
  return row !== undefined && now - (JSON.parse(row.value) as { at: number }).at < 4 * everyMs;
}
