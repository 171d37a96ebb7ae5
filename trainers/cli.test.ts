// The command line as another program sees it: exit status, standard output, standard error.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = () => mkdtempSync(join(tmpdir(), "workbench-test-"));

function workbench(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "trainers/cli.ts", ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function file(name: string, value: unknown): string {
  const path = join(folder(), name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}

test("train: one JSON object a line, files in the output folder, status 0", () => {
  const output = join(folder(), "run");
  const config = {
    method: "dpo",
    model: { source: "tiny" },
    data: { train: "data/samples/film-reviews.jsonl.gz", maxLength: 64 },
    batchSize: 2,
    maxSteps: 3,
    output,
  };
  const { status, stdout, stderr } = workbench("train", file("run.json", config));
  expect(stderr).toContain("finished");
  expect(status).toBe(0);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, number>);
  expect(lines.map(({ step }) => step)).toEqual([1, 2, 3]);
  expect(lines[0]!.loss).toBeCloseTo(Math.log(2), 5);
  expect(readFileSync(join(output, "metrics.ndjson"), "utf8")).toBe(stdout);
  for (const name of ["adapter_config.json", "adapter_model.safetensors", "run.json"])
    expect(existsSync(join(output, name))).toBe(true);
});

test("C16: a run started again on the folder of its checkpoints is refused, goes on with --resume or gives them up with --start-over", () => {
  const output = join(folder(), "run");
  const config = {
    method: "dpo",
    model: { source: "data/golden/trajectories/model" },
    adapter: { rank: 4, alpha: 8 },
    data: { train: "data/golden/trajectories/pairs.jsonl", maxLength: 256 },
    batchSize: 2,
    maxSteps: 3,
    saveEvery: 1,
    output,
  };
  const log = () => readFileSync(join(output, "metrics.ndjson"), "utf8");
  const steps = () =>
    log()
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { step: number }).step);
  const path = file("run.json", config);
  expect(workbench("train", path, "--resume")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("holds no checkpoint"),
  });
  expect(workbench("train", path).status).toBe(0);
  const adapter = readFileSync(join(output, "adapter_model.safetensors"));
  rmSync(join(output, "checkpoints", "step-000003-a1"), { recursive: true }); // as if it had been killed in step 3
  const before = log();

  const again = workbench("train", path);
  expect(again.status).toBe(2);
  for (const word of ["up to step 2", "--resume", "--start-over"]) expect(again.stderr).toContain(word);
  const other = workbench("train", file("run.json", { ...config, seed: 7 }), "--resume");
  expect(other.status).toBe(2);
  expect(other.stderr).toContain("seed was 0 and is 7");
  expect(log()).toBe(before);

  const resumed = workbench("train", path, "--resume");
  expect(resumed.stderr).toContain("resumed from step 2");
  expect(resumed.status).toBe(0);
  expect(resumed.stdout.trim().split("\n")).toHaveLength(1);
  expect(steps()).toEqual([1, 2, 3]);
  expect(log().split("\n").slice(0, 2)).toEqual(before.split("\n").slice(0, 2));
  expect(readFileSync(join(output, "adapter_model.safetensors")).equals(adapter)).toBe(true);
  expect(readdirSync(join(output, "checkpoints")).sort()).toEqual([
    "step-000001-a1",
    "step-000002-a1",
    "step-000003-a2",
  ]);

  expect(workbench("train", path, "--start-over").status).toBe(0);
  expect(steps()).toEqual([1, 2, 3]);
  expect(readdirSync(join(output, "checkpoints")).every((name) => name.endsWith("-a1"))).toBe(true);
}, 600_000);

test("train: a wrong file lists every problem with its path, starts nothing, status 2", () => {
  const output = join(folder(), "run");
  const { status, stdout, stderr } = workbench(
    "train",
    file("bad.json", { method: "dpo", model: {}, batchSize: 0, output }),
  );
  expect(status).toBe(2);
  expect(stdout).toBe("");
  for (const path of ["model.source", "batchSize"]) expect(stderr).toContain(path);
  expect(existsSync(output)).toBe(false);
});

test.each([
  ["not JSON", "{", 2, /JSON/],
  ["a method that does not exist", { method: "dpoo" }, 2, /method/],
  [
    "a model that is not there",
    { method: "dpo", model: { source: "no/such" }, data: { train: "x.jsonl" }, output: "unused" },
    1,
    /model no\/such is not at/,
  ],
] as const)("train: %s", (_, content, expected, words) => {
  const value =
    typeof content === "object" && "output" in content ? { ...content, output: join(folder(), "run") } : content;
  const { status, stderr } = workbench("train", file("run.json", value));
  expect(stderr).toMatch(words);
  expect(status).toBe(expected);
});

test("generate: one line per completion, the same for the same seed", () => {
  const prompts = file(
    "prompts.jsonl",
    '{"prompt": [{"role": "user", "content": "Review The Last Summer in a few sentences."}]}\n',
  );
  const config = file("gen.json", { model: { source: "tiny" }, prompts, samples: 2, maxNewTokens: 12, seed: 3 });
  const [first, second] = [workbench("generate", config), workbench("generate", config)];
  expect(first.status).toBe(0);
  expect(first.stdout.trim().split("\n")).toHaveLength(2);
  expect(second.stdout).toBe(first.stdout);
});

test.each([
  [["train", "run.json", "--tokn", "x"], "did you mean --tokens?"],
  [["queue", "--rows", "items"], "no option of queue --rows"],
  [["trian", "run.json"], "did you mean train?"],
  [["export", "q", "--rows", "itmes"], "--rows is one of"],
])("W1: `workbench %j` starts nothing, names what was meant, and exits with 2", (args, words) => {
  const { status, stdout, stderr } = workbench(...args);
  expect(stderr).toContain(words);
  expect([status, stdout]).toEqual([2, ""]);
});

test("W1: `npm run workbench` refuses before it sets anything up, and its --help is that of the program", () => {
  const outer = (...args: string[]) =>
    spawnSync(process.execPath, ["scripts/workbench.mjs", ...args], { encoding: "utf8" });
  for (const args of [["bench", "--frobnicate"], ["fetch", "--force"], ["study"], ["frobnicate"]])
    expect(outer(...args)).toMatchObject({ status: 2, stdout: "" });
  expect(outer("--help")).toMatchObject({ status: 0, stdout: workbench("--help").stdout });
});

test("B13: a run on the command line opens no database", () => {
  const data = folder();
  const run = {
    method: "dpo",
    model: { source: "tiny" },
    data: { train: "data/samples/film-reviews.jsonl.gz", maxLength: 64 },
    batchSize: 2,
    maxSteps: 1,
    output: join(folder(), "run"),
  };
  process.env.WORKBENCH_DATA = data;
  const { status } = workbench("train", file("run.json", run));
  delete process.env.WORKBENCH_DATA;
  expect(status).toBe(0);
  expect(readdirSync(data)).toEqual([]);
});

test("B13: a run that names a snapshot finds the database, also one that is yet to be made", () => {
  process.env.WORKBENCH_DATA = folder();
  const run = {
    method: "dpo",
    model: { source: "tiny" },
    data: { train: "snapshot:7" },
    output: join(folder(), "run"),
  };
  const { status, stderr } = workbench("preflight", file("run.json", run));
  delete process.env.WORKBENCH_DATA;
  expect(stderr).toMatch(/data\.train: .*snapshot.* 7/);
  expect(status).toBe(2);
});

test("B4: DEBUG adds the stack of an error to its sentence, with what caused it", () => {
  process.env.DEBUG = "1";
  const { stderr } = workbench("merge", "no/such", "adapter", "out");
  delete process.env.DEBUG;
  expect(stderr).toMatch(/model no\/such is not at[\s\S]*at modelPath/);
});

test("help names every command; an unknown one is status 2", () => {
  const { status, stdout } = workbench("help");
  expect(status).toBe(0);
  for (const command of ["train", "generate", "doctor"]) expect(stdout).toContain(command);
  expect(workbench("frobnicate").status).toBe(2);
});

test("pairs: two answers to each prompt, by base and tuned policy, into a queue; the same again adds nothing", () => {
  process.env.WORKBENCH_DATA = folder();
  const tuned = join(folder(), "run");
  const run = {
    method: "sft",
    model: { source: "tiny" },
    data: { train: "data/samples/film-reviews.jsonl.gz" },
    maxSteps: 1,
    output: tuned,
  };
  expect(workbench("train", file("run.json", run)).status).toBe(0);
  const films = ["The Quiet River", "A Distant Garden", "The Paper Window", "A Winter Island"];
  const config = file("gen.json", {
    model: { source: "tiny" },
    adapter: tuned,
    against: "base",
    prompts: file(
      "prompts.jsonl",
      films
        .map((film) => JSON.stringify({ prompt: [{ role: "user", content: `What did you think of ${film}?` }] }))
        .join("\n"),
    ),
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
  delete process.env.WORKBENCH_DATA;
});

test("import, queue, export: pairs go in by name, bad lines are named, and come out as they went in", () => {
  process.env.WORKBENCH_DATA = folder(); // of the commands started here
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
  delete process.env.WORKBENCH_DATA;
});

test("F7, C11, C10: `workbench import` names bad lines and unread columns, and takes the other rows", () => {
  process.env.WORKBENCH_DATA = folder();
  const rows = "prompt,chosen,rejected,magin\np0,yes,no,1\np1,yes,no\np2,yes,no,2\n";
  const path = file("pairs.csv", rows);
  const { status, stdout, stderr } = workbench("import", path, "from CSV");
  delete process.env.WORKBENCH_DATA;
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
  process.env.WORKBENCH_DATA = folder();
  const { status, stdout, stderr } = workbench("import", path, "queue");
  delete process.env.WORKBENCH_DATA;
  expect(stderr).toContain(sentence);
  expect(stderr).not.toMatch(/^ +at /m);
  expect([status, stdout]).toEqual([2, ""]);
});

test("DA: import --as labelled: a run file trains on labelled:ID, and the queue of that name stays empty", () => {
  process.env.WORKBENCH_DATA = folder(); // of the commands started here
  const rows = Array.from({ length: 3 }, (_, i) => ({ prompt: `${i}+1?`, chosen: `${i + 1}`, rejected: `${i}` }));
  const pairs = file("pairs.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
  const imported = JSON.parse(workbench("import", pairs, "Sums", "--as", "labelled").stdout) as { id: number };
  expect(imported).toMatchObject({ id: 1, name: "Sums", holds: "pairs", rows: 3, bad: 0 });
  expect(workbench("queue").stdout).toBe("");
  const config = { method: "dpo", model: { source: "tiny" }, data: { train: "labelled:1" }, output: folder() };
  const { status, stdout, stderr } = workbench("preflight", file("run.json", config));
  expect(stderr).not.toContain("left out");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ rows: { train: 3, heldOut: 0 } });
  delete process.env.WORKBENCH_DATA;
});
