import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fewReviews } from "../test/few-reviews";
import { file, program, scratch } from "../test/program";

const workbench = program("lib/cli.ts");
beforeEach(() => void vi.stubEnv("WORKBENCH_DATA", scratch())); // of the commands started here
afterEach(() => void vi.unstubAllEnvs());

const films = file(
  "prompts.jsonl",
  ["The Quiet River", "A Distant Garden", "The Paper Window", "A Winter Island"]
    .map((film) => JSON.stringify({ prompt: [{ role: "user", content: `What did you think of ${film}?` }] }))
    .join("\n"),
);

interface Recorded extends ReturnType<typeof workbench> {
  /** The workbench's data and the run's folder. */
  data: string;
  output: string;
}
let recorded: Recorded | undefined;

/** A short run that `train --record` made, once for the tests that look at it or need what it has trained. */
function recordedRun(): Recorded {
  const [data, output] = [recorded?.data ?? scratch(), join(scratch(), "run")];
  vi.stubEnv("WORKBENCH_DATA", data);
  const run = { method: "dpo", model: { source: "tiny" }, data: { train: fewReviews() } };
  const path = file("run.json", { ...run, maxSteps: 2, batchSize: 1, output });
  recorded ??= { ...workbench("with-database", "--record=Mine", "--", path, "train", path), data, output };
  return recorded;
}

test("pairs: two answers to each prompt, by base and tuned policy, into a queue; the same again adds nothing", () => {
  const { output: tuned, status } = recordedRun();
  expect(status).toBe(0);
  const config = file("gen.json", {
    model: { source: "tiny" },
    adapter: tuned,
    against: "base",
    prompts: films,
    maxNewTokens: 96,
  });
  const first = workbench("pairs", config, "Fresh");
  const { added } = JSON.parse(first.stdout) as { added: number };
  expect(added).toBeGreaterThan(1);
  const rows = workbench("export", "Fresh", "--rows", "items").stdout.trim().split("\n");
  expect(rows).toHaveLength(added);
  for (const row of rows) {
    const { answers, source, writers } = JSON.parse(row) as Record<"answers" | "writers", string[]> & {
      source: string;
    };
    expect(answers[0]).not.toBe(answers[1]);
    expect(source).toContain(`first by ${tuned}, second by base`);
    expect(writers).toEqual([tuned, "tiny"]);
  }
  expect(JSON.parse(workbench("pairs", config, "Fresh").stdout)).toEqual({
    queue: "Fresh",
    added: 0,
    duplicates: added,
  });
}, 600_000);

test.each([
  [["queue", "--rows", "items"], "unknown option '--rows'"],
  [["export", "q", "--rows", "itmes"], "Allowed choices are pairs, kto,"],
])("W1: `workbench %j` starts nothing, says what is wrong, and exits with 2", (args, sentence) => {
  const { status, stdout, stderr } = workbench(...args);
  expect(stderr).toContain(sentence);
  expect([status, stdout]).toEqual([2, ""]);
});

test("import, queue, export: pairs go in by name, bad lines are named, and come out as they went in", () => {
  const row = { prompt: [{ role: "user", content: "p" }], answers: ["a", "b"], source: "s" };
  const pairs = file("pairs.jsonl", `${JSON.stringify(row)}\n{}\n`);
  const imported = workbench("import", pairs, "By hand");
  expect(JSON.parse(imported.stdout)).toEqual({ queueId: 1, queue: "By hand", added: 1, duplicates: 0, bad: 1 });
  expect(imported.stderr).toContain("pairs.jsonl:2:");
  expect(JSON.parse(workbench("queue").stdout)).toMatchObject({ id: 1, name: "By hand", pairs: 1, decided: 0 });
  expect(workbench("export", "By hand", "--rows", "items").stdout).toBe(`${JSON.stringify(row)}\n`);
  expect(workbench("export", "1")).toMatchObject({ status: 0, stdout: "" }); // nothing is decided yet
  expect(workbench("export", "Elsewhere")).toMatchObject({ status: 1, stdout: "" });
  expect(workbench("import", pairs)).toMatchObject({ status: 2 });
});

test("F7, C11, C10: `workbench import` names bad lines and unread columns, and takes the other rows", () => {
  const rows = "prompt,chosen,rejected,magin\np0,yes,no,1\np1,yes,no\np2,yes,no,2\n";
  const path = file("pairs.csv", rows);
  const { status, stdout, stderr } = workbench("import", path, "from CSV");
  expect(stderr).toContain(`${path}:3: has 3 cells, and the header names 4`);
  expect(stderr).toContain(`${path}: columns that nothing reads: magin (2 rows, first at line 2)`);
  expect(JSON.parse(stdout)).toMatchObject({ queue: "from CSV", added: 2, bad: 1 });
  expect(status).toBe(0);
});

test.each([
  ["a CSV file that is not there", "no/such.csv", "no/such.csv cannot be read: there is no such file"],
  ["a folder", "data", "data is no file"],
  ["a file without a row", "package.json", "No line could be imported"],
])("C16: `workbench import` of %s ends with a sentence and status 2", (_, path, sentence) => {
  const { status, stdout, stderr } = workbench("import", path, "queue");
  expect(stderr).toContain(sentence);
  expect(stderr).not.toMatch(/^ +at /m);
  expect([status, stdout]).toEqual([2, ""]);
});

test("DA: import --as labelled: a run file trains on labelled:ID, and the queue of that name stays empty", () => {
  const rows = Array.from({ length: 3 }, (_, i) => ({ prompt: `${i}+1?`, chosen: `${i + 1}`, rejected: `${i}` }));
  const pairs = file("pairs.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
  const imported = JSON.parse(workbench("import", pairs, "Sums", "--as", "labelled").stdout) as { id: number };
  expect(imported).toMatchObject({ id: 1, name: "Sums", holds: "pairs", rows: 3, bad: 0 });
  expect(workbench("queue").stdout).toBe("");
  const config = { method: "dpo", model: { source: "tiny" }, data: { train: "labelled:1" }, output: scratch() };
  const path = file("run.json", config);
  const { status, stdout, stderr } = workbench("with-database", "--", path, "preflight", path);
  expect(stderr).not.toContain("left out");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ rows: { train: 3, heldOut: 0 } });
});

test("import --as both: pairs to annotate whose labels are exported at once, as those of the file", () => {
  const pair = { prompt: "1+1?", chosen: "2", rejected: "3" };
  const imported = workbench("import", file("pairs.jsonl", JSON.stringify(pair)), "Sums", "--as", "both");
  expect(JSON.parse(imported.stdout)).toMatchObject({ queue: "Sums", added: 1, labels: 1, bad: 0 });
  const row = JSON.parse(workbench("export", "Sums").stdout) as { chosen: [{ content: string }] };
  expect(row).toMatchObject({ chosen: [{ content: "2" }], n_raters: 0, labelled_by: "import" });
});

test("B13: a run that names a snapshot finds the database, also one that is yet to be made", () => {
  const run = {
    method: "dpo",
    model: { source: "tiny" },
    data: { train: "snapshot:7" },
    output: join(scratch(), "run"),
  };
  const path = file("run.json", run);
  const { status, stderr } = workbench("with-database", "--", path, "preflight", path);
  expect(stderr).toMatch(/data\.train: .*snapshot.* 7/);
  expect(status).toBe(2);
});

test("a run that asks people puts its first round into their queue, says so, and stops when it is told to", async () => {
  const run = {
    method: "iterative-dpo",
    model: { source: "tiny" },
    data: { train: films },
    iterativeDpo: { judge: { queue: "new" }, rounds: 2, promptsPerRound: 4, samples: 2, responseLength: 96 },
    output: join(scratch(), "asked"),
  };
  const path = file("run.json", run);
  const child = spawn(process.execPath, [
    "scripts/program.mjs",
    "lib/cli.ts",
    "with-database",
    "--",
    path,
    "train",
    path,
  ]);
  let problems = "";
  child.stderr.on("data", (chunk) => (problems += chunk));
  await vi.waitFor(() => expect(queueNames()).toEqual(["Run asked: answers"]), { timeout: 540_000, interval: 500 });
  child.kill("SIGTERM");
  const [status] = await once(child, "close");
  expect([status, problems]).toEqual([0, expect.stringContaining("--resume goes on from it")]);
}, 600_000);

/** What a statement comes to beside the programs that write; throws until its tables are there. */
function inDatabase<T>(work: (database: Database.Database) => T): T {
  const database = new Database(join(process.env.WORKBENCH_DATA!, "app.db"), { fileMustExist: true });
  try {
    return work(database);
  } finally {
    database.close();
  }
}
const queueNames = () => inDatabase((database) => database.prepare("SELECT name FROM queues").pluck().all());

test("step-pairs: solutions whose second step is wrong are gone on with, and DPO trains on what the oracle passes", {
  tags: "long",
}, () => {
  const solutions = ["The Quiet River", "A Distant Garden", "The Paper Window"].map((film) => ({
    prompt: `Review ${film} in a few sentences.`,
    completions: ["The story is warm.", "The cast is dull.", "I liked it."],
    labels: [true, false, true],
  }));
  const given = file("solutions.jsonl", solutions.map((row) => JSON.stringify(row)).join("\n"));
  const added = workbench("dataset", "add", given, "--name", "Reviews by step", "--as", "both");
  expect(JSON.parse(added.stdout)).toMatchObject({ added: 3, labels: 3 });
  const config = { model: { source: "tiny" }, samples: 4, maxNewTokens: 96, reward: { gold: "film-reviews" } };
  const asked = (threshold: number) => file("steps.json", { ...config, threshold });
  const none = workbench("step-pairs", asked(1e9), "Reviews by step", "None");
  expect(none.status).not.toBe(0);
  expect(none.stderr).toContain("continuations that ended is right");
  const made = workbench("step-pairs", asked(-1e9), "Reviews by step", "Steps");
  expect(made.stderr).toContain("3 of 3 solutions");
  const { id, pairs, left } = JSON.parse(made.stdout) as { id: number; pairs: number; left: number };
  expect(pairs).toBeGreaterThan(0);
  expect(pairs + left).toBe(3);
  expect(workbench("step-pairs", asked(-1e9), "Reviews by step", "Steps").stderr).toContain(
    "give this one another name",
  );
  const run = {
    method: "dpo",
    model: { source: "tiny" },
    data: { train: `labelled:${id}` },
    maxSteps: 1,
    batchSize: 1,
  };
  const path = file("run.json", { ...run, output: join(scratch(), "run") });
  expect(workbench("with-database", "--", path, "train", path).status).toBe(0);
});

test("tree-pairs: trees of steps are searched for prompts of a dataset, and conservative DPO trains on their pairs", {
  tags: "long",
}, () => {
  const { id: prompts } = JSON.parse(workbench("import", films, "Films", "--as", "labelled").stdout) as { id: number };
  const config = { model: { source: "tiny" }, simulations: 2, maxNewTokens: 96, reward: { gold: "film-reviews" } };
  const asked = (minDifference: number) => file("tree.json", { ...config, minDifference });
  const none = workbench("tree-pairs", asked(1e9), films, "None");
  expect([none.status, none.stdout, none.stderr]).toEqual([2, "", expect.stringContaining("no steps differ enough")]);
  inDatabase((database) => database.prepare("UPDATE labelled_sets SET restricted = 1 WHERE id = ?").run(prompts));
  const made = workbench("tree-pairs", asked(0.5), `labelled:${prompts}`, "Trees");
  expect(made.stderr).toContain("4 of 4 prompts");
  const { id, pairs, left, tokens } = JSON.parse(made.stdout) as Record<"id" | "pairs" | "left" | "tokens", number>;
  expect(pairs).toBe(4 - left); // tiny writes a review on one line, so each tree has one depth
  expect(tokens).toBeGreaterThan(0);
  const restricted = "SELECT restricted FROM labelled_sets WHERE id = ?"; // as the dataset whose prompts they answer
  expect(inDatabase((database) => database.prepare(restricted).pluck().get(id))).toBe(1);
  expect(workbench("tree-pairs", asked(0.5), films, "Trees").stderr).toContain("give this one another name");
  const run = {
    ...{ method: "dpo", model: { source: "tiny" }, data: { train: `labelled:${id}` }, maxSteps: 1, batchSize: 1 },
    dpo: { loss: "cdpo", confidenceColumn: "p_chosen" },
  };
  const path = file("run.json", { ...run, output: join(scratch(), "run") });
  expect(workbench("with-database", "--", path, "train", path).status).toBe(0);
});

test("train --record: a run of the command line is in the list once it has ended, however it ended, with its curve and checkpoint", () => {
  const { status, stdout, stderr, output } = recordedRun();
  expect(stderr).toContain("Mine is in the list of runs: finished after 2 steps");
  expect(status).toBe(0);
  const printed = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { step: number; loss: number });
  expect(printed.map(({ step }) => step)).toEqual([1, 2]);
  const again = workbench("import", output, "Another name", "--as", "run"); // the same folder is the same run
  expect(JSON.parse(again.stdout)).toMatchObject({ name: "Mine", method: "dpo", status: "finished", steps: 2 });
  const odd = workbench("import", scratch(), "None", "--as", "run");
  expect([odd.status, odd.stderr]).toEqual([2, expect.stringContaining("it has no run.json")]);
}, 600_000);

test("score: a reward run's model scores the pairs of a queue, each once", () => {
  const [model, reward] = ["model", "reward_init"].map((name) => `data/golden/trajectories/${name}`) as [
    string,
    string,
  ];
  const row = (i: number) => ({ prompt: `Review film ${i}.`, answers: ["It is dull.", "It is warm."] });
  const long = { prompt: "Review it.", answers: ["warm ".repeat(3000), "It is dull."] };
  workbench(
    "import",
    file("pairs.jsonl", [row(0), row(1), long].map((one) => JSON.stringify(one)).join("\n")),
    "Films",
  );
  const { stdout, stderr } = workbench("score", "Films", model, reward);
  expect(JSON.parse(stdout)).toEqual({ queue: "Films", scored: 2, left: 1 });
  expect(stderr).toContain("2 of 3 pairs");
});

test("pairs, score: what the trainers refuse or fail at is told once, with their status", () => {
  const wrong = file("gen.json", {});
  const refused = workbench("pairs", wrong, "Fresh");
  expect(refused).toMatchObject({ status: 2, stdout: "" });
  expect(refused.stderr.split(`${wrong}: model`)).toHaveLength(2);
  workbench("import", file("pairs.jsonl", JSON.stringify({ prompt: "p", answers: ["a", "b"] })), "Films");
  const failed = workbench("score", "Films", "no/such", "nowhere");
  expect(failed).toMatchObject({ status: 1, stdout: "" });
  expect(failed.stderr.match(/model no\/such is not at/g)).toHaveLength(1);
});

test("freeze: what is annotated of a queue, under the name that its hash gives it; null where there is nothing", () => {
  const rows = [1, 2, 3].map((i) => ({ prompt: `${i} + ${i}?`, chosen: String(2 * i), rejected: "0" }));
  const labelled = file("sums.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
  workbench("dataset", "add", labelled, "--name", "sums", "--as", "both");
  const { sha256, rows: count } = JSON.parse(workbench("freeze", "sums").stdout) as { sha256: string; rows: number };
  expect(count).toBe(3);
  const frozen = readFileSync(join(process.env.WORKBENCH_DATA!, "snapshots", `${sha256}.jsonl`), "utf8");
  expect(frozen).toBe(workbench("export", "sums").stdout);
  expect(workbench("freeze", "sums", "--rows", "rewrites").stdout).toBe("null\n");
});
