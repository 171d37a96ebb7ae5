// Real programs: each test writes a file and has it score.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test, vi } from "vitest";
import { fileHash } from "../../../common/file-hash";
import { rewardSource } from "../../../spec/fields/rewards";
import { type ForFunction, rewardFunction } from "./function";

const two: ForFunction[] = [
  { prompt: "a", completion: "one two", ids: [1, 2], columns: { words: 3, 'a "name"': { deep: [1n] } } },
  {
    prompt: [{ role: "user", content: "b" }],
    completion: [{ role: "assistant", content: "défg" }],
    ids: [3],
    columns: { words: null, 'a "name"': null },
  },
];

/** A file with this text, ready to score; what the run's log says of it; and how to write it anew. */
function written(name: string, text: string, options: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), "workbench-function-"));
  const [file, output] = [join(folder, name), join(folder, "run")];
  mkdirSync(output);
  writeFileSync(file, text);
  const notes: string[] = [];
  const { function: given } = rewardSource.parse({ function: { file, timeout: 20, ...options } });
  const score = rewardFunction(given!, { output, note: (text) => void notes.push(text) });
  return { score, notes, file, output };
}

/** The sentence that ends the run. */
function failure(name: string, text: string, options: object = {}): string {
  const { score, file } = written(name, text, options);
  try {
    return `scored: ${score(two)}`;
  } catch (error) {
    return (error as Error).message.replaceAll(file, "FILE");
  }
}

const python = (body: string) => `import os, sys, time\ndef reward(prompts, completions, **columns):\n    ${body}\n`;
const script = (body: string) => `export function reward({ prompts, completions, ...columns }) {\n  ${body}\n}\n`;

test.each(["docs/examples/reward.py", "docs/examples/reward.ts"])("%s scores by a column of the rows", (file) => {
  const { score } = written(file.split("/").at(-1)!, readFileSync(file, "utf8"));
  expect(score(two)).toEqual([-1, null]);
});

const seen = {
  prompts: ["a", [{ role: "user", content: "b" }]],
  completions: ["one two", [{ role: "assistant", content: "défg" }]],
  completion_ids: [[1, 2], [3]],
  words: [3, null],
  'a "name"': [{ deep: [1] }, null],
};

test("a batch is passed by name: prompts, completions, ids and every column", () => {
  const asPython = written("r.py", "import json\ndef reward(**batch):\n  print(json.dumps(batch))\n  return [0, 0]");
  const asScript = written("r.mjs", "export default (batch) => (console.log(JSON.stringify(batch)), [0, 0]);");
  for (const { score, notes, file } of [asPython, asScript]) {
    expect(score(two)).toEqual([0, 0]);
    expect(JSON.parse(notes.at(-1)!.replace(`${file} printed: `, ""))).toEqual(seen);
  }
});

test("an async function is awaited; truth values and numbers of numpy's kind are numbers", () => {
  expect(written("r.ts", "export const reward = async () => [true, null as number | null];").score(two)).toEqual([
    1,
    null,
  ]);
  expect(written("r.cjs", "exports.reward = async () => new Float64Array([0.5, 2]);").score(two)).toEqual([0.5, 2]);
  const numpyLike = "class N:\n  def __float__(self): return 0.5\nasync def reward(**_): return (N(), True)";
  expect(written("r.py", numpyLike).score(two)).toEqual([0.5, 1]);
});

test("what is printed goes to the log, and never in between the rewards", () => {
  const json = '{\\"rewards\\": [9, 9]}';
  const py = written("r.py", python(`print("${json}"); print("aside", file=sys.stderr); return [1, 2]`));
  const ts = written("r.js", script(`console.log("${json}"); console.error("aside"); return [1, 2];`));
  for (const { score, notes } of [py, ts]) {
    expect([score(two), score(two)]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    const printed = notes.filter((note) => note.includes("printed"));
    expect(printed).toHaveLength(2);
    for (const text of printed) expect(text).toMatch(/printed: [\s\S]*\{"rewards": \[9, 9\]\}/);
  }
  const much = written("r.py", python('print("x" * 10**6); return [1, 2]'));
  much.score(two);
  expect(much.notes.at(-1)!.length).toBeLessThan(5000);
});

test.each([
  ["r.py", "import os\ndef reward(**_):\n  print(sorted(os.environ), os.getcwd()); return [0, 0]"],
  ["r.mjs", script("console.log(Object.keys(process.env).sort(), process.cwd()); return [0, 0];")],
])("%s is told no secrets, and works in the run's folder", (name, text) => {
  for (const secret of ["HF_TOKEN", "WORKBENCH_DATA", "SOME_KEY"]) vi.stubEnv(secret, "of nobody else");
  const { score, notes, output } = written(name, text);
  score(two);
  const told = notes.at(-1)!;
  expect(told).toContain("PATH");
  expect(told).toContain(output);
  for (const secret of ["HF_TOKEN", "WORKBENCH_DATA", "SOME_KEY"]) expect(told).not.toContain(secret);
  vi.unstubAllEnvs();
});

const slow = "took more than 4 s for 2 completions; give it longer as function.timeout, or look for what loops";
const large = "took more than its 256 MB of memory; give it more as function.memory, or let it hold less";
test.each([
  ["loops", "r.py", python("while True: pass"), slow, { timeout: 4 }],
  ["loops", "r.ts", script("for (;;) {}"), slow, { timeout: 4 }],
  ["loops while it is read", "r.py", "while True: pass", "was not loaded within 1 s; give it", { timeout: 1 }],
  ["allocates", "r.py", python("return ['x' * 10**9]"), large, { memory: 256 }],
  [
    "allocates on the heap",
    "r.mjs",
    script("const all = []; for (;;) all.push({ all: [all.length] });"),
    large,
    { memory: 256 },
  ],
  [
    "allocates beside it",
    "r.mjs",
    script("const all = []; for (;;) all.push(Buffer.alloc(1e7, 1));"),
    large,
    { memory: 256 },
  ],
  ["throws", "r.py", python("return [1 / 0]"), "failed at FILE:3: ZeroDivisionError: division by zero"],
  ["throws", "r.ts", script("throw new RangeError('no\\nmore');"), "failed at FILE:2: RangeError: no more"],
  ["throws", "r.mjs", script("return completions.map((one) => one.x.y);"), "failed at FILE:2: TypeError: Cannot read"],
  ["throws nothing much", "r.mjs", script("throw null;"), "failed: null"],
  ["is no Python", "r.py", "def reward(:\n  pass", "failed at FILE:1: SyntaxError: "],
  ["is no TypeScript", "r.ts", "const a = 1;\nconst = 3;", "failed at FILE:2: "],
  ["is no JavaScript", "r.mjs", "const a = 1;\nconst = 3;", "failed at FILE:2: "],
  ["has no function", "r.py", "x = 1", "failed: LookupError: it has no function named reward"],
  ["has no function", "r.ts", "export const x = 1;", "failed: Error: it exports no function named reward"],
  ["gives too few", "r.py", python("return [1]"), "was given 2 completions and gave back 1 rewards"],
  ["gives no list", "r.py", python("return 1"), "gave back int; a list of a number for each completion is expected"],
  ["gives no list", "r.js", script(""), "gave back undefined; a list of a number for each completion is expected"],
  [
    "gives NaN",
    "r.py",
    python("return [1, float('nan')]"),
    "gave nan for completion 2 of 2; a finite number is expected",
  ],
  [
    "gives NaN",
    "r.ts",
    script("return [Number.NaN, 1];"),
    "gave NaN for completion 1 of 2; a finite number is expected",
  ],
  ["gives text", "r.py", python("return ['1', 1]"), "gave '1' for completion 1 of 2; a finite number is expected"],
  ["gives text", "r.mjs", script("return [1, '1'];"), 'gave "1" for completion 2 of 2; a finite number is expected'],
  ["ends", "r.py", python("os._exit(3)"), "ended its process with status 3 instead of giving rewards"],
  ["ends", "r.mjs", script("process.exit(4);"), "ended its process with status 4 instead of giving rewards"],
  ["is killed", "r.py", python("os.kill(os.getpid(), 9)"), "ended its process by SIGKILL instead of giving rewards"],
])("a function that %s (%s) ends the run with a sentence", (_, name, text, sentence, options: object = {}) => {
  expect(failure(name, text, options)).toContain(`the reward function FILE ${sentence}`);
});

test("on request what fails scores 0, the log says why, and the next batch is scored again", () => {
  const once = python("if not os.path.exists('tried'): open('tried', 'w'); time.sleep(99)\n    return [1, 2]");
  const { score, notes, file } = written("r.py", once, { onFailure: "zero", timeout: 4 });
  expect(score(two)).toEqual([0, 0]);
  expect(notes.at(-1)).toBe(
    `scored 0: the reward function ${file} took more than 4 s for 2 completions; give it longer as function.timeout, or look for what loops`,
  );
  expect(score(two)).toEqual([1, 2]);
});

test("what it has started ends with it", async () => {
  const text = python("import subprocess; print(subprocess.Popen(['sleep', '600']).pid, flush=True); time.sleep(99)");
  const { score, notes } = written("r.py", text, { timeout: 4 });
  expect(() => score(two)).toThrow("took more than 4 s");
  const pid = Number(/printed: (\d+)/.exec(notes.at(-1)!)![1]);
  const isGone = () => !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  await vi.waitFor(() => expect(isGone()).toBe(true));
});

test("a file that has changed is read anew at the next batch, and each that was used is kept by its hash", () => {
  const { score, notes, file, output } = written("r.py", python("return [1, 2]"));
  const first = fileHash(file);
  expect([score(two), score(two)]).toHaveLength(2);
  writeFileSync(file, python("return [3, 4]"));
  utimesSync(file, 1, 1);
  expect(score(two)).toEqual([3, 4]);
  const last = fileHash(file);
  expect(notes).toEqual([
    `reward function r.py: SHA-256 ${first}`,
    `reward function r.py has changed and is read anew: SHA-256 ${last}`,
  ]);
  const kept = [first, last].map((hash) => `${hash.slice(0, 12)}.py`);
  expect(readdirSync(join(output, "reward-function")).sort()).toEqual(kept.sort());
});

test("a file that is not there, or is no program, is refused before anything runs; no Python is told", () => {
  const at = (file: string) =>
    rewardFunction(rewardSource.parse({ function: { file } }).function!, { output: ".", note() {} });
  expect(() => at("nowhere/r.py")).toThrow(`there is no reward function at ${resolve("nowhere/r.py")}`);
  expect(() => rewardSource.parse({ function: { file: "r.sh" } })).toThrow("not a .py, .ts");
  vi.stubEnv("PATH", "/nowhere");
  const without = failure("r.py", python("return [1, 2]"));
  vi.unstubAllEnvs();
  expect(without).toContain("needs Python, and there is no python3 on the PATH (ENOENT)");
});
