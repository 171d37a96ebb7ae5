// OpenAI's own client, held to what an endpoint allows: its rate, its key and no other of this machine's, no redirects, and no long silence.
import { setTimeout as wait } from "node:timers/promises";
import { eq, sql } from "drizzle-orm";
import OpenAI from "openai";
import { AppError } from "../../spec/errors";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { type Endpoint, endpoints } from "../db/tables/endpoints";

/** After a refusal that may pass (408, 409, 429, 5xx, no connection) it tries so often again: after Retry-After, or 0.5 to 8 s with jitter. */
const retries = 5;
/** One try, once its turn has come. */
const patienceMs = 180_000;
/** A server that wants to be asked later than this is not waited for. */
const longestPauseSeconds = 60;
/** Turns are waited for within a request of the client's, whose own clock would count that. */
const noTimeout = 2 ** 31 - 1;

export function clientOf(endpoint: Endpoint, signal?: AbortSignal): OpenAI {
  const key = keyOf(endpoint);
  return new OpenAI({
    baseURL: endpoint.baseUrl,
    apiKey: key ?? "none",
    ...{ adminAPIKey: null, organization: null, project: null, webhookSecret: null }, // or it takes them from the environment
    ...(key === null && { defaultHeaders: { authorization: null } }),
    maxRetries: retries,
    timeout: noTimeout,
    logLevel: "off",
    fetch: async (url, init) => {
      await turn(endpoint.id, signal);
      const ends = [init?.signal, signal, AbortSignal.timeout(patienceMs)].filter((one) => one != null);
      return bounded(await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.any(ends) }));
    },
  });
}

export function keyOf({ name, keyVariable }: Endpoint): string | null {
  if (keyVariable === null) return null;
  const key = process.env[keyVariable];
  if (key) return key;
  throw new AppError(
    400,
    `Endpoint ${name} takes its key from ${keyVariable}, which is not set; start the workbench with it.`,
  );
}

/** Resolves when a request may be sent: turns are evenly apart, whichever processes take them. */
async function turn(id: number, signal: AbortSignal | undefined): Promise<void> {
  const between = sql`60000.0 / ${endpoints.requestsPerMinute}`;
  const now = Date.now();
  const { next, apart } = await retryOnBusyAsync(
    () =>
      appDb()
        .update(endpoints)
        .set({ nextTurnAt: sql`CAST(max(${endpoints.nextTurnAt}, ${now}) + ${between} AS INTEGER)` })
        .where(eq(endpoints.id, id))
        .returning({ next: endpoints.nextTurnAt, apart: sql<number>`${between}` })
        .get()!,
  );
  const pause = next - apart - now;
  if (pause > 0) await wait(pause, undefined, signal && { signal });
}

/** Where it asks for a pause that nobody waits for, the refusal stands. */
function bounded(response: Response): Response {
  const asked = response.headers.get("retry-after");
  if (asked === null || response.ok) return response;
  const seconds = Number.isNaN(Number.parseFloat(asked))
    ? (Date.parse(asked) - Date.now()) / 1000
    : Number.parseFloat(asked);
  if (seconds <= longestPauseSeconds) return response;
  const headers = new Headers(response.headers);
  headers.set("x-should-retry", "false");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
