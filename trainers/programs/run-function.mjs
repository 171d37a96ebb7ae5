// Calls a function of a file by its name: a line with a batch comes on descriptor 3, a line with what it gives for each of the batch goes out on
// descriptor 4, so that what the file prints is in nobody's way.
import { spawnSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

const [, , file, wanted] = process.argv;
const url = pathToFileURL(file).href;

// Descriptor 5 ends when whoever asks has ended, and with it all that was started here: in a thread of its own, as the function may loop.
const endTogether = `
const { Socket } = require("node:net");
new Socket({ fd: 5 }).on("close", () => process.kill(0, "SIGKILL")).resume();`;
new Worker(endTogether, { eval: true, execArgv: [] }).unref();

const out = createWriteStream("", { fd: 4 });
/** JSON has no NaN and no infinity, and would put null in their place. */
const finite = (_, value) => {
  if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError(`${value} is no finite number`);
  return value;
};
const say = (line) => out.write(`${line}\n`);

const quoted = (value) =>
  (typeof value === "number" ? String(value) : JSON.stringify(value)?.slice(0, 100)) ?? "undefined";

/** As JSON: null for nothing, a number for what counts as one, and numbers that JSON does not know quoted. */
function told(value) {
  if (value === null || value === undefined) return null;
  if (wanted !== "reward" && ["string", "object"].includes(typeof value)) return value;
  const number = typeof value === "boolean" ? Number(value) : value;
  return Number.isFinite(number) ? number : { wrong: quoted(value) };
}

/** Only an error's stack knows the line; of JavaScript that cannot be read Node tells it nobody but a terminal. */
function asError(error) {
  const { message = String(error), name, stack = "" } = error ?? {};
  const check = () => spawnSync(process.execPath, ["--check", file], { encoding: "utf8" }).stderr;
  const lineIn = (text) => [url, file].map((path) => text.split(`${path}:`)[1]).find(Boolean);
  const at = lineIn(stack) ?? (name === "SyntaxError" ? lineIn(check()) : undefined);
  const words = message.trim().split("\n").slice(0, 3).join(" ");
  return { error: `${name ? `${name}: ` : ""}${words}`.slice(0, 500), line: at ? Number.parseInt(at, 10) : null };
}

/** What it gives as a line of JSON. */
async function attempt(work) {
  try {
    return JSON.stringify(await work(), finite);
  } catch (error) {
    return JSON.stringify(asError(error));
  }
}

async function load() {
  const module = await import(url);
  const found = module[wanted] ?? module.default?.[wanted] ?? module.default;
  if (typeof found !== "function") throw new Error(`it exports no function named ${wanted}`);
  return found;
}

async function results(batch) {
  const result = await called(batch);
  if (typeof result === "string" || typeof result?.[Symbol.iterator] !== "function")
    return { nothing: result === null ? "null" : typeof result };
  return { results: Array.from(result, told) };
}

let called;
say(
  await attempt(async () => {
    called = await load();
    return { ready: true };
  }),
);
for await (const line of createInterface(new Socket({ fd: 3 }))) say(await attempt(() => results(JSON.parse(line))));
