import { mkdtempSync, writeFileSync } from "node:fs";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { dryRunReport } from "../../spec/reports";
import { handle } from "../http/handle";
import { startCommand } from "./spawn";
import { reportOf, workbench } from "./workbench";

const file = (name: string, text: string) => {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), name);
  writeFileSync(path, text);
  return path;
};
/** What a handler answers that lets `workbench ARGUMENTS` do its work. */
async function answer(...args: string[]) {
  const work = handle("read", { answer: z.unknown() }, async () => ({ said: await workbench(args) }));
  const response = await work(
    new Request("http://localhost:3000/api/x", { headers: { host: "localhost" } }),
    undefined,
  );
  return { status: response.status, ...((await response.json()) as { error?: string; said?: string }) };
}
/** Has every Node process started from here run this first. */
const preload = (code: string) => vi.stubEnv("NODE_OPTIONS", `--require ${file("preload.cjs", code)}`);

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("B9: what a child refuses with status 2 is a 400 in its words", async () => {
  const wrong = file("run.json", '{"method": "dpo"}');
  const { status, error } = await answer("train", wrong);
  expect(status).toBe(400);
  expect(error).toContain(`${wrong}: `);
});

test.each([
  ["a segmentation fault", 'process.kill(process.pid, "SIGSEGV");', /SIGSEGV/],
  ["a kill, as when memory runs out", 'process.kill(process.pid, "SIGKILL");', /SIGKILL/],
  ["an error that nobody foresaw", 'throw new Error("the reactor is open");', /the reactor is open/],
])("B9: %s in a child is a 500 with a sentence, and stands in the server's log", async (_, code, words) => {
  const logged = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  preload(code);
  const { status, error } = await answer("help");
  expect(status).toBe(500);
  expect(error).toMatch(words);
  expect(logged.mock.calls.flat().map(String).join(" ")).toMatch(words);
});

test("B9: a child that takes too long is a 503 that says how long it had", async () => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  preload("setInterval(() => {}, 1000);");
  const work = handle("read", { answer: z.string() }, () => workbench(["help"], { timeoutMs: 1500 }));
  const response = await work(new Request("http://localhost:3000/", { headers: { host: "localhost" } }), undefined);
  expect([response.status, await response.json()]).toEqual([503, { error: expect.stringContaining("1.5 s") }]);
});

test("a child whose asker has gone is ended, and its place is free", async () => {
  preload("setInterval(() => {}, 1000);");
  const controller = new AbortController();
  const asked = [1, 2, 3].map(() => workbench(["help"], { cancelled: controller.signal }).catch((error) => error));
  await new Promise((resolve) => setTimeout(resolve, 500)); // they have started, and go on for good
  controller.abort();
  for (const end of await Promise.all(asked)) expect(end).toMatchObject({ status: 409, message: /gone on/ });
  vi.unstubAllEnvs();
  expect(await workbench(["help"])).toContain("Usage");
});

test("L1: a child computes at a lower priority than the server, and a run only while nobody else wants the processor", async () => {
  preload('require("fs").writeSync(1, require("os").getPriority() + "\\n");');
  const said = await workbench(["help"]);
  expect(said.split("\n")[0]).toBe(String(Math.min(19, getPriority() + 10)));
  vi.unstubAllEnvs();
  const { child, ended } = startCommand(["cat", "/proc/self/stat"], [], { isRun: true });
  const [stat] = await Promise.all([text(child.stdout!), ended]);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // from the third one on, see proc_pid_stat(5)
  expect(Number(fields[41 - 3])).toBe(5); // SCHED_IDLE
});

test("F16: a name that looks like an option reaches the child as a name", async () => {
  preload('process.stdout.write(JSON.stringify(process.argv.slice(3)) + "\\n"); process.exit(0);');
  expect(JSON.parse(await workbench(["score", "--help", "-x"], { options: { type: "--rows" } }))).toEqual([
    "score",
    "--type=--rows",
    "--",
    "--help",
    "-x",
  ]);
});

test.each([
  ["no JSON", "Killed", /JSON/],
  ["another version's report", JSON.stringify({ peak: "1 GB", seconds: [] }), /peak/],
])("D3: a child whose report is %s is a 500 that says so, not a fault of the request", async (_, output, words) => {
  vi.spyOn(console, "error").mockReturnValue();
  preload(`process.stdout.write(${JSON.stringify(output)}); process.exit(0);`);
  const work = handle("read", { answer: dryRunReport }, () => reportOf(dryRunReport, ["help"]));
  const response = await work(new Request("http://localhost:3000/", { headers: { host: "localhost" } }), undefined);
  expect([response.status, await response.json()]).toEqual([500, { error: expect.stringMatching(words) }]);
});
