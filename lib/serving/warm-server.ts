// `workbench serve`, kept warm: what answers requests of pages and scripts stays loaded for a while, one process for each base.
import "server-only";
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { z } from "zod";
import { AppError } from "../../spec/errors";
import type { HeldBase } from "../../spec/fields/model";
import { commandArguments, startProgram } from "../jobs/spawn";
import { failure } from "../jobs/workbench";
import { log } from "../logging/log";
import { postJson } from "./post-json";

/** As `workbench serve` is started for it. */
export interface ServedModel extends HeldBase<string> {
  source: string;
  dtype: string;
  /** A folder; null: the base itself. */
  adapter: string | null;
}

interface Warm {
  key: string;
  /** Where it answers; rejects where it could not load its model. */
  url: Promise<string>;
  /** Requests that it has not answered yet. */
  open: number;
  used: number;
  idle: NodeJS.Timeout | undefined;
  stop(): void;
}

/** A base of a hundred million parameters takes a gigabyte with its cache. */
const mostWarm = 2;
const idleMs = 600_000;
/** More wait within one process than anybody waits for. */
const mostOpen = 64;

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { warmServers?: Map<string, Warm> };
const servers = () => {
  shared.warmServers ??= new Map();
  return shared.warmServers;
};

/** Posts `body` to `path` of the server that holds the model's base. The answer is as it comes. */
export async function askServer(
  model: ServedModel,
  path: string,
  body: object,
  signal: AbortSignal,
): Promise<Response> {
  const warm = warmFor(model);
  if (warm.open >= mostOpen)
    throw new AppError(429, `${mostOpen} requests are waiting already; try again when some have been answered.`);
  warm.open++;
  clearTimeout(warm.idle);
  const done = () => {
    warm.open--;
    warm.used = Date.now();
    if (warm.open === 0) warm.idle = setTimeout(warm.stop, idleMs).unref();
  };
  try {
    const headers = {
      authorization: `Bearer ${warm.key}`,
      "x-adapter-folder": encodeURIComponent(model.adapter ?? ""),
    };
    const answer = await postJson(`${await warm.url}${path}`, body, headers, signal);
    return new Response(answer.body && whenDone(answer.body, done), answer);
  } catch (error) {
    done();
    if (error instanceof AppError || signal.aborted) throw error;
    throw new AppError(503, "The process that answers for this model ended; ask again.", { cause: error });
  }
}

/** The same bytes; `done` is called once they have ended, or nobody wants them any more. */
function whenDone(stream: ReadableStream<Uint8Array>, done: () => void): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  let open = true;
  const end = () => {
    if (open) done();
    open = false;
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done: over } = await reader.read();
        if (!over) return controller.enqueue(value);
        end();
        controller.close();
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason);
    },
  });
}

/** The process for a base; one that is idle makes room for it. */
function warmFor({ source, dtype, quantisation, unquantised }: ServedModel): Warm {
  const name = JSON.stringify([source, dtype, quantisation, unquantised]);
  const known = servers().get(name);
  if (known) return known;
  if (servers().size >= mostWarm) {
    const [oldest] = [...servers().values()].filter(({ open }) => open === 0).sort((a, b) => a.used - b.used);
    if (!oldest) throw new AppError(429, `${mostWarm} base models are answering now; try again in a moment.`);
    oldest.stop();
  }
  const warm = started(name, { source, dtype, quantisation, unquantised });
  servers().set(name, warm);
  return warm;
}

/** Options of a command that asks over a base which is held so. */
export const heldOptions = ({ quantisation, unquantised }: HeldBase<string>) => ({
  ...(quantisation !== null && { quantisation }),
  ...(unquantised.length > 0 && { unquantised }),
});

const ready = z.object({ url: z.string() });

function started(name: string, { source, dtype, ...held }: Omit<ServedModel, "adapter">): Warm {
  const key = randomBytes(24).toString("base64url");
  const options = { port: "0", dtype, ...heldOptions(held) };
  const [command, ...args] = commandArguments(["serve", source], options);
  const env = { WORKBENCH_SERVER_KEY: key };
  const { child, ended } = startProgram("trainers/cli.ts", [command!, "--by-folder", ...args], { env });
  const forget = () => {
    if (servers().get(name) === warm) servers().delete(name);
  };
  const url = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on("line", (line) => resolve(ready.parse(JSON.parse(line)).url));
    void ended.then((end) => {
      forget();
      if (!child.killed) log().error({ err: failure(["serve", source], end) }, "workbench serve ended");
      reject(failure(["serve", source], end));
    });
  });
  url.catch(() => undefined); // whoever asked hears of it
  const warm: Warm = {
    ...{ key, url, open: 0, used: Date.now(), idle: undefined },
    stop() {
      forget();
      child.kill();
    },
  };
  return warm;
}
