import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rewardSource } from "../../spec/fields/rewards";
import { type RewardServer, rewardServer } from "../../test/reward-server";
import { loadModel } from "../models/load";
import { remoteRewards } from "./remote";
import { createReward } from "./rewards";
import { scorePairs } from "./score-pairs";

let server: RewardServer;
let origin = "";
beforeAll(async () => {
  server = await rewardServer();
  origin = server.origin;
});
afterAll(async () => void (await server.end()));

const two = [
  { prompt: "a", query: "a bc" },
  { prompt: "", query: "défg" },
];
const ask = (kind: string, timeoutMs = 5000) =>
  remoteRewards(`${origin}/${kind}`, { patience: { timeoutMs, tries: 3, pauseMs: 1 } });
const asked = async () => (await (await fetch(`${origin}/count`)).json()) as Record<string, number>;

test("each answer gets its reward, in order, however many there are", () => {
  expect(ask("length")(two)).toEqual([3, 4]);
  const many = Array.from({ length: 150 }, (_, i) => ({ prompt: "p", query: "p".padEnd(1 + (i % 7), "x") }));
  expect(ask("length")(many)).toEqual(many.map(({ query }) => query.length - 1));
  expect(ask("length")([])).toEqual([]);
});

test("what is posted has OpenRLHF's fields", async () => {
  ask("length")(two);
  expect(await (await fetch(`${origin}/last`)).json()).toEqual({
    body: { query: ["a bc", "défg"], prompts: ["a", ""], labels: ["", ""] },
    type: "application/json",
    method: "POST",
  });
});

test("a server that is busy at first is asked again", async () => {
  expect(ask("recovers")(two)).toEqual([3, 4]);
  expect((await asked()).recovers).toBe(3);
});

test.each([
  ["broken", 'gave no rewards in 3 tries, the last time: it answered 500: "<h1>Internal Server Error</h1>"'],
  ["cut", "gave no rewards in 3 tries, the last time: "],
  ["missing", 'refused: it answered 404: "{\\"detail\\":\\"Not Found\\"}"'],
  ["html", 'sent what is no JSON: "<!doctype html><p>Sign in</p>"'],
  ["few", "was sent 2 answers and sent back 1 rewards"],
  ["bare-nan", 'sent what is no JSON: "{\\"rewards\\": [NaN, 1]}"'],
  ["text", 'sent "0.5" for answer 1 of 2; a finite number is expected'],
  ["infinite", "sent Infinity for answer 2 of 2; a finite number is expected"],
  ["nothing", 'sent no list of "rewards": "{}"'],
  ["moved", "gave no rewards in 3 tries, the last time: "],
])("from %s nothing is learned, and the error names the address and what came back", (kind, words) => {
  expect(() => ask(kind)(two)).toThrow(`the reward server at ${origin}/${kind} ${words}`);
});

test("a server that is slower than the limit is given up; one that is not there too", () => {
  expect(() => ask("slow", 50)(two)).toThrow("gave no rewards in 3 tries, the last time: no answer within 0.05 s");
  expect(() =>
    remoteRewards("http://127.0.0.1:1/x", { patience: { timeoutMs: 1000, tries: 2, pauseMs: 1 } })(two),
  ).toThrow(
    /^the reward server at http:\/\/127\.0\.0\.1:1\/x gave no rewards in 2 tries, the last time: .*(ECONNREFUSED|bad port)/,
  );
});

test("an address that is none of HTTP is never asked; what may be secret in one is not told", () => {
  const others = ["file:///etc/passwd", "ftp://host/x", "localhost:5000", "/get_reward", "http://me:word@host/x"];
  for (const address of others)
    expect(() => remoteRewards(address)).toThrow("is no http:// or https:// address without a password");
  expect(() => ask("html?key=abc")(two)).toThrow(`the reward server at ${origin}/html sent what is no JSON`);
});

/** What the server was sent last. */
const last = async () =>
  (await (await fetch(`${origin}/last`)).json()) as { body: { query: string[]; prompts: string[] } };
const prompt = [{ role: "user", content: "Hello" }];
// tiny's own template, written out by hand
const asTiny = "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n";

test("the server is shown what the policy has read and written, and its reward is a part of the sum with its weight", async () => {
  const { model, tokenizer } = await loadModel({ source: "tiny", dtype: "float32" });
  const source = { remote: `${origin}/length`, remoteWeight: 0.5, rules: { json: { weight: 2 } } };
  const response = [...tokenizer.encode("12"), tokenizer.eos];
  const answers = [{ prompt, query: tokenizer.conversation(prompt, true), response }];
  const scored = createReward(rewardSource.parse(source), true, model, tokenizer)(answers);
  const length = "12<|im_end|>".length;
  expect(scored.parts).toEqual({ remote: [length], json: [1] });
  expect(scored.scores).toEqual([length / 2 + 2]);
  expect((await last()).body).toMatchObject({ query: [`${asTiny}12<|im_end|>`], prompts: [asTiny] });
  expect(() => rewardSource.parse({ remote: "localhost:5000" })).toThrow("http:// or https:// address");
});

test("pairs of a dataset are scored by a server as by a folder", async () => {
  const scores: object[] = [];
  const pairs = [
    { id: 7, prompt, first: "Good day", second: "No" },
    { id: 3, prompt, first: "", second: "Yes" },
  ];
  await scorePairs("tiny", `${origin}/length`, pairs, (scored) => scores.push(...scored));
  const end = "<|im_end|>\n".length;
  expect(scores).toEqual([
    { id: 7, first: 8 + end, second: 2 + end },
    { id: 3, first: end, second: 3 + end },
  ]);
});

test("a pair for which the server has no reward is left out by its number, the others are scored; a refusal names the pairs that were asked about", async () => {
  const ids = Array.from({ length: 40 }, (_, i) => 100 + i);
  const second = (id: number) => (id === 105 || id === 139 ? "unknown" : "No");
  const pairs = ids.map((id) => ({ id, prompt, first: "Good day", second: second(id) }));
  const [scored, left]: [number[], object[]] = [[], []];
  const score = (kind: string) => {
    scored.splice(0);
    left.splice(0);
    return scorePairs("tiny", `${origin}/${kind}`, pairs, (some, others) => {
      scored.push(...some.map(({ id }) => id));
      left.push(...others);
    });
  };
  await score("gaps");
  expect(scored).toEqual(ids.filter((id) => id !== 105 && id !== 139));
  expect(left).toEqual([105, 139].map((id) => ({ id, why: `${origin}/gaps has no reward for it` })));
  await expect(score("at-third")).rejects.toThrow(
    `records 132, 133, 134, 135, 136, 137, 138, 139: the reward server at ${origin}/at-third refused: it answered 400: "out of memory"`,
  );
  expect(scored).toEqual(ids.slice(0, 32));
});

test("a key is sent as a bearer token, and told by no error", async () => {
  const scores: object[] = [];
  const pairs = [{ id: 7, prompt, first: "Good day", second: "No" }];
  const score = (key: string | null) =>
    scorePairs("tiny", `${origin}/keyed`, pairs, (scored) => scores.push(...scored), key);
  await score("let me in");
  expect(scores).toHaveLength(1);
  await expect(score("open up")).rejects.toThrow(
    `record 7: the reward server at ${origin}/keyed refused: it answered 401: "no entry with Bearer [key]"`,
  );
  await expect(score(null)).rejects.toThrow('"no entry with undefined"');
});

test("a run learns from rewards over HTTP, and ends with the server's words where there are none", async () => {
  const run = async (kind: string) => {
    const folder = mkdtempSync(join(tmpdir(), "workbench-remote-"));
    const file = join(folder, "run.json");
    const config = {
      ...{ method: "grpo", model: { source: "tiny" }, output: join(folder, "out"), maxSteps: 1, evalEvery: null },
      data: { train: "data/samples/prompts.jsonl", maxRows: 8, heldOut: 0 },
      ...{
        batchSize: 4,
        grpo: { numGenerations: 2, prompts: 2, maxCompletionLength: 6, reward: { remote: `${origin}/${kind}` } },
      },
    };
    writeFileSync(file, JSON.stringify(config));
    await promisify(execFile)(process.execPath, ["scripts/program.mjs", "trainers/cli.ts", "train", file]);
    return readFileSync(join(folder, "out", "events-1.ndjson"), "utf8");
  };
  expect(await run("length")).toMatch(/"score\/remote":[1-9]/);
  await expect(run("html")).rejects.toMatchObject({
    stderr: expect.stringContaining(`the reward server at ${origin}/html sent what is no JSON: "<!doctype html>`),
  });
}, 120_000);
