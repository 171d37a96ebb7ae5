// Whether anything was written since one last looked, so that who polls need not read all again.
import { appDb, metricsDb } from "./client";

/** Another text after each write to either database, of this process (total_changes) or of another (data_version). */
export const databaseState = (): string =>
  [appDb(), metricsDb()]
    .map(({ $client }) => {
      const { own } = $client.prepare("SELECT total_changes() AS own").get() as { own: number };
      return `${$client.pragma("data_version", { simple: true })}/${own}`;
    })
    .join();
