// A request to a workbench on another machine: JSON out, and an answer that is read by the schema that the server is typed by.
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { z } from "zod";
import { Refusal } from "../common/command-line";
import type { Server } from "./servers";

interface Sent {
  method?: "GET" | "POST" | "PATCH";
  query?: Record<string, string | undefined>;
  /** What is sent: JSON, or the bytes of a file. */
  json?: unknown;
  bytes?: Blob;
}

/** Refusals of the server (4xx) are a Refusal, in its own words; whatever else goes wrong is an Error. */
export async function answerOf(server: Server, path: string, sent: Sent = {}): Promise<Response> {
  const { method = "GET", query = {}, json, bytes } = sent;
  const url = new URL(path, server.url);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  const body = bytes ?? (json === undefined ? null : JSON.stringify(json));
  const headers = {
    ...(server.token !== null && { authorization: `Bearer ${server.token}` }),
    ...(json !== undefined && { "content-type": "application/json" }),
  };
  const response = await fetch(url, { method, headers, body }).catch((error: unknown) => {
    throw new Error(`${server.url} does not answer: ${reasonOf(error)}`, { cause: error });
  });
  if (response.ok) return response;
  const said = refusal.safeParse(await response.json().catch(() => null));
  if (!said.success) throw new Error(`${url} answered ${response.status}, and not as a workbench does`);
  const { error, problems } = said.data;
  const words = [error, ...problems.map(({ path, message }) => `${path}: ${message}`)].join("\n");
  if (response.status === 401) throw new Refusal(`${server.url} does not know this token; log in anew: ${words}`);
  throw response.status < 500 ? new Refusal(words) : new Error(words);
}

/** The bytes of an answer as they come. */
export async function bytesFrom(...asked: Parameters<typeof answerOf>): Promise<Readable> {
  const { body } = await answerOf(...asked);
  return body === null ? Readable.from([]) : Readable.fromWeb(body as ReadableStream);
}

const refusal = z.object({
  error: z.string(),
  problems: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});

export async function ask<T>(server: Server, answer: z.ZodType<T>, path: string, sent: Sent = {}): Promise<T> {
  const json: unknown = await (await answerOf(server, path, sent)).json().catch(() => undefined);
  const read = answer.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Error(
    `${server.url} answers ${path} in another form than this version of the command line reads (${issue!.path.join(".")}: ${issue!.message}); use the same version on both sides`,
  );
}

/** fetch hides why behind "fetch failed". */
const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || String("code" in cause ? cause.code : cause) : String(cause);
};
