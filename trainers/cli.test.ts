import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { fewReviews } from "../test/few-reviews";
import { file, program, scratch } from "../test/program";

const workbench = program("trainers/cli.ts");
afterEach(() => void vi.unstubAllEnvs());

test("train: one JSON object a line, files in the output folder, status 0", () => {
  const output = join(scratch(), "run");
  const config = {
    method: "dpo",
    model: { source: "tiny" },
    data: { train: fewReviews(), maxLength: 64 },
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

test("C16: a run started again on the folder of its checkpoints is refused, goes on with --resume or gives them up with --start-over", {
  tags: "long",
}, () => {
  const output = join(scratch(), "run");
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

  const limited = file("run.json", { ...config, saveTotalLimit: 2 });
  expect(workbench("train", limited, "--start-over").status).toBe(0);
  expect(steps()).toEqual([1, 2, 3]);
  expect(readdirSync(join(output, "checkpoints")).sort()).toEqual(["step-000002-a1", "step-000003-a1"]);
});

test("train: a wrong file lists every problem with its path, starts nothing, status 2", () => {
  const output = join(scratch(), "run");
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
    typeof content === "object" && "output" in content ? { ...content, output: join(scratch(), "run") } : content;
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
  [["train", "run.json", "--tokn", "x"], "Did you mean --tokens?"],
  [["trian", "run.json"], "Did you mean train?"],
  [
    ["export-gguf", "m", "f.gguf", "--type", "Q4"],
    "Allowed choices are F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_1, Q5_0, Q4_K_M, Q4_1, Q4_0",
  ],
])("W1: `workbench %j` starts nothing, names what was meant, and exits with 2", (args, words) => {
  const { status, stdout, stderr } = workbench(...args);
  expect(stderr).toContain(words);
  expect([status, stdout]).toEqual([2, ""]);
});

test("W1: `npm run workbench` refuses before it sets anything up, and its help names what each program does", () => {
  const outer = (...args: string[]) =>
    spawnSync(process.execPath, ["scripts/workbench.mjs", ...args], { encoding: "utf8" });
  for (const args of [["bench", "--frobnicate"], ["fetch", "--force"], ["study"], ["frobnicate"]])
    expect(outer(...args)).toMatchObject({ status: 2, stdout: "" });
  const help = outer("--help");
  expect(help.status).toBe(0);
  for (const command of ["train", "env", "queue", "bench", "fetch"]) expect(help.stdout).toContain(`\n  ${command} `);
  expect(outer("train", "--help")).toMatchObject(workbench("train", "--help"));
});

test("B13: a run on the command line opens no database", () => {
  const data = scratch();
  const run = {
    method: "dpo",
    model: { source: "tiny" },
    data: { train: fewReviews(), maxLength: 64 },
    batchSize: 2,
    maxSteps: 1,
    output: join(scratch(), "run"),
  };
  vi.stubEnv("WORKBENCH_DATA", data);
  const { status } = workbench("train", file("run.json", run));
  expect(status).toBe(0);
  expect(readdirSync(data)).toEqual([]);
});

test("B4: DEBUG adds the stack of an error to its sentence, with what caused it", () => {
  vi.stubEnv("DEBUG", "1");
  const { stderr } = workbench("train", file("run.json", "{"));
  expect(stderr).toMatch(
    /run\.json: Expected property name[\s\S]*\n +at json [\s\S]*\[cause\]: SyntaxError[\s\S]*\n +at JSON\.parse/,
  );
});

test("help names every command; an unknown one is status 2", () => {
  const { status, stdout } = workbench("help");
  expect(status).toBe(0);
  for (const command of ["train", "generate", "env"]) expect(stdout).toContain(command);
  expect(workbench("frobnicate").status).toBe(2);
});

test.each([
  ["no/such", "model no/such is not at"],
  ["package.json", "is neither a folder in Hugging Face layout nor a .gguf file"],
])("describe-model: %s is refused in a sentence, with status 2", (source, sentence) => {
  const { status, stdout, stderr } = workbench("describe-model", source);
  expect(stderr).toContain(sentence);
  expect([status, stdout]).toEqual([2, ""]);
});

test("describe-model: a model is told as one JSON object", () => {
  const { status, stdout } = workbench("describe-model", "tiny");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ form: "folder", family: "llama", layers: 4, template: true });
});
