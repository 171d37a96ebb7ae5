// The HTTP server: OpenAI's API under /v1, vLLM's requests about tokens, whether it is well under /health, and what it does under /metrics, as Prometheus reads it.
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { z } from "zod";
import { say } from "../../common/command-line";
import { isThisMachine } from "../../common/this-machine";
import { type Answer, chatAnswer, completionAnswer } from "./answers";
import { askedChat, askedCompletion, callable, RequestError } from "./asked";
import { type Generation, generate } from "./generation";
import { chatRequest, completionRequest } from "./requests";
import type { Served } from "./served";
import { detokenized, detokenizeRequest, tokenized, tokenizeRequest, tokenizerInfo } from "./tokens";

const mostBytes = 10_000_000;

export interface ServerOptions {
  /** Asked of everybody, where there is one. */
  key: string | undefined;
  openTo: "this machine" | "all";
  /** Whether a request may name the folder of an adapter, in the header `folderHeader`: whoever may ask reads what this process may. */
  byFolder?: boolean;
}

/** Holds a path, in percent-encoding; empty: the base itself, whatever the request calls it. */
export const folderHeader = "x-adapter-folder";

export function apiServer(served: Served, { key, openTo, byFolder = false }: ServerOptions): Server {
  const began = Math.floor(Date.now() / 1000);
  const card = (id: string) => ({
    id,
    object: "model",
    created: began,
    owned_by: "workbench",
    max_model_len: served.engine.context,
  });

  return createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => refuse(response, error));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://server");
    requireOwnHost(request);
    if (pathname === "/health") return send(response, 200, { status: "ok" });
    requireKey(request);
    if (request.method === "GET") return read(pathname, response);
    if (request.method !== "POST") throw new RequestError(405, `${request.method} is not answered here`);
    if (pathname === "/v1/completions") {
      const body = parsed(completionRequest, await bodyOf(request));
      const asked = askedCompletion(body, served, await folderOf(request));
      return write(response, asked, completionAnswer(asked, served.tokenizer, body.echo ?? false), body);
    }
    if (pathname === "/v1/chat/completions") {
      const body = parsed(chatRequest, await bodyOf(request));
      const asked = askedChat(body, served, await folderOf(request)); // last: what is loaded now is let go of once it is idle
      return write(response, asked, chatAnswer(asked, served.tokenizer, callable(body)), body);
    }
    if (pathname === "/tokenize")
      return send(response, 200, tokenized(parsed(tokenizeRequest, await bodyOf(request)), served));
    if (pathname === "/detokenize")
      return send(response, 200, detokenized(parsed(detokenizeRequest, await bodyOf(request)), served));
    throw new RequestError(404, `there is no ${pathname} here`);
  }

  async function folderOf({ headers }: IncomingMessage): Promise<string | null> {
    const given = headers[folderHeader];
    if (!byFolder || typeof given !== "string") return null;
    const folder = decodeURIComponent(given);
    if (folder === "") return served.names[0]!;
    await served.load(folder);
    return folder;
  }

  function read(pathname: string, response: ServerResponse): void {
    if (pathname === "/metrics") {
      response.setHeader("content-type", "text/plain; version=0.0.4");
      response.end(metrics(served));
      return;
    }
    const [, name] = /^\/v1\/models\/(.+)$/.exec(decodeURIComponent(pathname)) ?? [];
    if (pathname === "/tokenizer_info") send(response, 200, tokenizerInfo(served));
    else if (pathname === "/v1/models") send(response, 200, { object: "list", data: served.names.map(card) });
    else if (name && served.names.includes(name)) send(response, 200, card(name));
    else throw new RequestError(404, `there is no ${pathname} here`);
  }

  async function write(
    response: ServerResponse,
    asked: Generation,
    answer: Answer,
    {
      stream,
      stream_options: options,
    }: { stream?: boolean | undefined; stream_options?: { include_usage?: boolean | undefined } | undefined },
  ): Promise<void> {
    const begun = new Set<number>();
    const event = (data: object) => void response.write(`data: ${JSON.stringify(data)}\n\n`);
    const begin = (choice: number) => {
      if (!begun.has(choice)) answer.begin(choice).forEach(event);
      begun.add(choice);
    };
    const generating = generate(served.engine, served.tokenizer, asked, (delta) => {
      if (!stream) return;
      begin(delta.choice);
      answer.chunk(delta).forEach(event);
    });
    response.on("close", generating.cancel);
    if (!stream) return send(response, 200, answer.whole(await generating.choices));
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    const choices = await generating.choices;
    choices.forEach(({ finish }, choice) => {
      begin(choice);
      answer.end(choice, finish).forEach(event);
    });
    if (options?.include_usage) event(answer.usage(choices));
    response.end("data: [DONE]\n\n");
  }

  /** A page of another site whose name has been pointed at this machine asks under that name. */
  function requireOwnHost({ headers: { host = "" } }: IncomingMessage): void {
    const name = host.replace(/:\d+$/, "");
    if (openTo === "this machine" && !isThisMachine(name))
      throw new RequestError(403, `this server answers for this machine only, not as ${name}`);
  }

  function requireKey({ headers: { authorization = "" } }: IncomingMessage): void {
    if (key === undefined) return;
    const [own, given] = [`Bearer ${key}`, authorization].map((one) => Buffer.from(one));
    if (own!.length !== given!.length || !timingSafeEqual(own!, given!))
      throw new RequestError(401, "the API key is missing or wrong", null, "invalid_api_key");
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  // other sites' pages cannot send JSON without being asked first whether they may, which nobody here answers
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? ""))
    throw new RequestError(415, "send JSON, with content-type: application/json");
  const kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= mostBytes) kept.push(chunk);
  }
  if (size > mostBytes) throw new RequestError(413, `the request has ${size} bytes; ${mostBytes} are taken at most`);
  try {
    return JSON.parse(Buffer.concat(kept).toString());
  } catch (cause) {
    throw new RequestError(400, `the request is no JSON: ${(cause as Error).message}`);
  }
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const { data, error } = schema.safeParse(body);
  if (!error) return data;
  const [first] = error.issues;
  throw new RequestError(400, z.prettifyError(error), first!.path.join(".") || null);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** Tells of an error as OpenAI's API does; in a stream that has begun as its last event. */
function refuse(response: ServerResponse, error: unknown): void {
  const known = error instanceof RequestError ? error : new RequestError(500, (error as Error).message);
  if (known.status === 500) say(`${(error as Error).stack}`);
  const type = known.status === 500 ? "server_error" : "invalid_request_error";
  const body = { error: { message: known.message, type, param: known.param, code: known.code } };
  if (response.headersSent) response.end(`data: ${JSON.stringify(body)}\n\n`);
  else send(response, known.status, body);
}

function metrics({ engine }: Served): string {
  const {
    running,
    waiting,
    promptTokens,
    cachedTokens,
    answerTokens,
    proposedTokens,
    acceptedTokens,
    preemptions,
    ...cache
  } = engine.counts();
  const lines: [string, string, string, number][] = [
    ["requests_running", "gauge", "Sequences that are being written.", running],
    ["requests_waiting", "gauge", "Sequences that wait for room in the cache.", waiting],
    ["prompt_tokens_total", "counter", "Tokens of prompts.", promptTokens],
    ["prompt_tokens_cached_total", "counter", "Those of them that had been computed before.", cachedTokens],
    ["generation_tokens_total", "counter", "Tokens of answers.", answerTokens],
    ["draft_tokens_total", "counter", "Tokens that were proposed and read ahead.", proposedTokens],
    ["draft_tokens_accepted_total", "counter", "Those of them that the model drew as well.", acceptedTokens],
    ["preemptions_total", "counter", "Sequences that gave up their pages to others, and were read again.", preemptions],
    ["cache_pages", "gauge", "Pages of the cache of keys and values, of 16 tokens each.", cache.cachePages],
    ["cache_pages_held", "gauge", "Those of them in which keys and values stand.", cache.cachePagesHeld],
    ["cache_tokens", "gauge", "Tokens whose keys and values stand in them, in common or not.", cache.cacheTokens],
  ];
  return lines
    .map(
      ([name, kind, help, value]) =>
        `# HELP workbench_${name} ${help}\n# TYPE workbench_${name} ${kind}\nworkbench_${name} ${value}\n`,
    )
    .join("");
}
