// Says that a runner is alive, so that the page can tell "waiting its turn" from "nobody is here to run it".
import { eq } from "drizzle-orm";
import { retryOnBusy } from "../db/busy";
import { appDb } from "../db/client";
import { settings } from "../db/tables/settings";
import { beatEveryMs, runnerBeat } from "../runs/runner-alive";
import { orSay } from "./retry";

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
  const timer = setInterval(() => orSay(write), beatEveryMs);
  return () => {
    clearInterval(timer);
    orSay(() => appDb().delete(settings).where(eq(settings.name, runnerBeat)).run());
  };
}
