// A request to a workbench on another machine, typed and read by the schemas of its route (lib/api/operations.ts).
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { z } from "zod";
import { Refusal } from "../common/command-line";
import type { Located } from "../lib/http/operation";
import { refusal } from "../spec/errors";
import type { Server } from "./servers";

type Names<Path> = Path extends `${string}[${infer Name}]${infer Rest}` ? Name | Names<Rest> : never;
type Input<Schema> = Schema extends z.ZodType ? z.input<Schema> : never;

/** What an operation takes: each part where it has one. */
type Sent<One extends Located> = ([Names<One["path"]>] extends [never]
  ? unknown
  : { params: Record<Names<One["path"]>, string | number> }) &
  (One extends { query: infer Query } ? { query: Input<Query> } : unknown) &
  (One extends { body: infer Body } ? { body: Input<Body> } : unknown) &
  (One extends { file: string } ? { file: Blob } : unknown);

interface AnySent {
  params?: Record<string, string | number>;
  query?: object;
  body?: unknown;
  file?: Blob;
}

/** Refusals of the server (4xx) are a Refusal, in its own words; whatever else goes wrong is an Error. */
async function answerOf(server: Server, { method, path }: Located, sent: AnySent): Promise<Response> {
  const { params = {}, query = {}, body, file } = sent;
  const url = new URL(
    path.replaceAll(/\[(\w+)\]/g, (_, name: string) => encodeURIComponent(params[name]!)),
    server.url,
  );
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  const headers = {
    ...(server.token !== null && { authorization: `Bearer ${server.token}` }),
    ...(body !== undefined && { "content-type": "application/json" }),
  };
  const bytes = file ?? (body === undefined ? null : JSON.stringify(body));
  const response = await fetch(url, { method, headers, body: bytes }).catch((error: unknown) => {
    throw new Error(`${server.url} does not answer: ${reasonOf(error)}`, { cause: error });
  });
  if (response.ok) return response;
  const said = refusal.safeParse(await response.json().catch(() => null));
  if (!said.success) throw new Error(`${url} answered ${response.status}, and not as a workbench does`);
  const { error, problems = [] } = said.data;
  const words = [error, ...problems.map(({ path, message }) => `${path}: ${message}`)].join("\n");
  if (response.status === 401) throw new Refusal(`${server.url} does not know this token; log in anew: ${words}`);
  throw response.status < 500 ? new Refusal(words) : new Error(words);
}

/** The bytes of an answer as they come. */
export async function bytesFrom<One extends Located & { answer: readonly string[] }>(
  server: Server,
  operation: One,
  sent: Sent<One>,
): Promise<Readable> {
  const { body } = await answerOf(server, operation, sent as AnySent);
  return body === null ? Readable.from([]) : Readable.fromWeb(body as ReadableStream);
}

/** What the server answers, by its schema. */
export async function ask<One extends Located & { answer: z.ZodType }>(
  server: Server,
  operation: One,
  sent: Sent<One>,
): Promise<z.output<One["answer"]>> {
  const response = await answerOf(server, operation, sent as AnySent);
  const text = await response.text().catch((error: unknown) => {
    throw new Error(`${server.url} broke off its answer to ${operation.path}: ${reasonOf(error)}`, { cause: error });
  });
  const read = operation.answer.safeParse(jsonIn(text));
  if (read.success) return read.data as z.output<One["answer"]>;
  const [issue] = read.error.issues;
  throw new Error(
    `${server.url} answers ${operation.path} in another form than this version of the command line reads (${issue!.path.join(".")}: ${issue!.message}); use the same version on both sides`,
  );
}

/** Undefined where it is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch hides why behind "fetch failed". */
const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || String("code" in cause ? cause.code : cause) : String(cause);
};
