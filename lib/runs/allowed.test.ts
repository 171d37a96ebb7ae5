import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { AppError } from "../../spec/errors";
import { allMethods } from "../../spec/methods/all";
import { type Nested, withValue } from "../../spec/paths";
import type { Permission, Role } from "../../spec/roles";
import { alternatives, fieldPaths } from "../../spec/run-fields";
import { freshDatabase } from "../../test/database";
import { asAsked } from "../access/asked";
import { createFreezer } from "../datasets/snapshots/freezer";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { startFilling } from "../generation/fill";
import { allowedPath } from "./allowed";
import { newRunId } from "./attempts";
import { resolveRun } from "./launch";
import { requestResume } from "./stop-and-resume";

let elsewhere: string;
let allowed: string;
beforeAll(() => {
  freshDatabase();
  elsewhere = mkdtempSync(join(tmpdir(), "workbench-elsewhere-"));
  allowed = mkdtempSync(join(tmpdir(), "workbench-allowed-"));
  writeFileSync(join(elsewhere, "secret.jsonl"), "SECRET-TOKEN\n");
  writeFileSync(join(allowed, "rows.jsonl"), "{}\n");
  mkdirSync(join(allowed, "model"));
  symlinkSync(join(elsewhere, "secret.jsonl"), join(allowed, "link.jsonl"));
  symlinkSync(join(elsewhere, "nothing"), join(allowed, "dangling"));
  symlinkSync(elsewhere, join(allowed, "folder"));
  execFileSync("mkfifo", [join(allowed, "pipe")]);
});
beforeEach(() => {
  process.env.WORKBENCH_FOLDERS = allowed;
});
afterEach(() => {
  delete process.env.WORKBENCH_FOLDERS;
});

const methods = allMethods.map(({ name }) => name);
const fields = methods.flatMap((method) =>
  [...fieldPaths(method)].filter(([, { file }]) => file).map(([path]) => [method, path] as const),
);

const refusal = (method: string, path: string, file: string) => {
  const base: Nested = { method, model: { source: "tiny" } };
  const config = withValue(base, path, file) as Nested & { method: string };
  try {
    resolveRun({ data: { kind: "sample", id: "film-reviews" }, config }, "unused", createFreezer(0));
    return [];
  } catch (error) {
    return (error as AppError).problems.map((problem) => ({ ...problem, message: problem.message.replace(file, "…") }));
  }
};

test("F2: every field of a run file that takes free text says whether it names a file", () => {
  const texts = methods.flatMap((method) =>
    [...fieldPaths(method)].flatMap(([path, field]) => {
      const forms = alternatives(field).flatMap((form) => (form.items ? alternatives(form.items) : [form]));
      return forms.some((form) => form.type === "string" && !form.enum && form.const === undefined) && !field.file
        ? [path]
        : [];
    }),
  );
  expect([...new Set(texts)].sort()).toEqual([
    "adapter.modulesToSave",
    "data.splitColumn",
    "dpo.confidenceColumn",
    "engine",
    "grpo.reward.grader.endpoint",
    "grpo.reward.grader.rubric",
    "grpo.reward.rules.answer.abstained",
    "grpo.reward.rules.answer.column",
    "grpo.reward.rules.format.parts",
    "grpo.reward.rules.jsonSchema.schema",
    "grpo.reward.rules.pattern.expression",
    "iterativeDpo.dpo.confidenceColumn",
    "iterativeDpo.judge.endpoint",
    "iterativeDpo.judge.grader.endpoint",
    "iterativeDpo.judge.grader.rubric",
    "iterativeDpo.judge.rules.answer.abstained",
    "iterativeDpo.judge.rules.answer.column",
    "iterativeDpo.judge.rules.format.parts",
    "iterativeDpo.judge.rules.jsonSchema.schema",
    "iterativeDpo.judge.rules.pattern.expression",
    "machine",
    "model.unquantised",
    "nashMd.judge.endpoint",
    "nashMd.judge.grader.endpoint",
    "nashMd.judge.grader.rubric",
    "nashMd.judge.rules.answer.abstained",
    "nashMd.judge.rules.answer.column",
    "nashMd.judge.rules.format.parts",
    "nashMd.judge.rules.jsonSchema.schema",
    "nashMd.judge.rules.pattern.expression",
    "output", // filled in by the server
    "ppo.reward.grader.endpoint",
    "ppo.reward.grader.rubric",
    "ppo.reward.rules.answer.abstained",
    "ppo.reward.rules.answer.column",
    "ppo.reward.rules.format.parts",
    "ppo.reward.rules.jsonSchema.schema",
    "ppo.reward.rules.pattern.expression",
    "prm.stepSeparator",
    "raft.reward.grader.endpoint",
    "raft.reward.grader.rubric",
    "raft.reward.rules.answer.abstained",
    "raft.reward.rules.answer.column",
    "raft.reward.rules.format.parts",
    "raft.reward.rules.jsonSchema.schema",
    "raft.reward.rules.pattern.expression",
    "reinforcePlusPlus.reward.grader.endpoint",
    "reinforcePlusPlus.reward.grader.rubric",
    "reinforcePlusPlus.reward.rules.answer.abstained",
    "reinforcePlusPlus.reward.rules.answer.column",
    "reinforcePlusPlus.reward.rules.format.parts",
    "reinforcePlusPlus.reward.rules.jsonSchema.schema",
    "reinforcePlusPlus.reward.rules.pattern.expression",
    "reward.confidenceColumn",
    "reward.criterion",
    "reward.marginColumn",
    "rloo.reward.grader.endpoint",
    "rloo.reward.grader.rubric",
    "rloo.reward.rules.answer.abstained",
    "rloo.reward.rules.answer.column",
    "rloo.reward.rules.format.parts",
    "rloo.reward.rules.jsonSchema.schema",
    "rloo.reward.rules.pattern.expression",
    "sppo.judge.endpoint",
    "sppo.judge.grader.endpoint",
    "sppo.judge.grader.rubric",
    "sppo.judge.rules.answer.abstained",
    "sppo.judge.rules.answer.column",
    "sppo.judge.rules.format.parts",
    "sppo.judge.rules.jsonSchema.schema",
    "sppo.judge.rules.pattern.expression",
  ]);
});

test.each(fields.filter(([, path]) => path !== "data.train"))(
  "F2: %s, %s: a path outside the allowed folders is refused at its field, and nobody learns whether it exists",
  (method, path) => {
    const odd = [
      "/etc/passwd",
      "/etc/no-such-file",
      "/dev/zero",
      "/proc/self/environ",
      "../../../../../../../../etc/passwd",
      "data/../package.json",
      join(process.env.WORKBENCH_DATA!, "app.db"),
      join(elsewhere, "secret.jsonl"),
      join(allowed, "link.jsonl"),
      join(allowed, "dangling"),
      join(allowed, "folder", "secret.jsonl"),
      join(allowed, "folder", "nothing"),
      join(allowed, "pipe"),
      `${allowed}-beside/rows.jsonl`,
    ];
    const answers = odd.map((file) => refusal(method, path, file).filter((problem) => problem.path === path));
    expect(answers[0]).toEqual([{ path, message: expect.stringContaining("WORKBENCH_FOLDERS") }]);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  },
);

test("F2: what is registered, lies in data/ or in a folder that the owner allowed may be named", () => {
  for (const file of ["data/tiny", "data/samples/everyday.jsonl", join(allowed, "rows.jsonl"), join(allowed, "model")])
    expect(allowedPath(file), file).not.toBeNull();
  expect(allowedPath(join(process.env.WORKBENCH_DATA!, "models", "mine"))).not.toBeNull(); // also before it is there
  expect(refusal("dpo", "data.eval", "snapshot:7")).toEqual([]);
  expect(refusal("dpo", "data.eval", join(allowed, "rows.jsonl"))).toEqual([]);
  expect(refusal("dpo", "model.source", "tiny")).toEqual([]);
});

test("F2: several outputs of reward runs are each looked at", () => {
  const model = ["data/tiny", "/etc/passwd"];
  const config = { method: "ppo", model: { source: "tiny" }, ppo: { reward: { model } } };
  const resolve = () =>
    resolveRun({ data: { kind: "sample", id: "film-reviews" }, config }, "unused", createFreezer(0));
  expect(resolve).toThrow("/etc/passwd");
});

test("a file whose code would run is started by owners alone, whose token is not for less", () => {
  const file = join(allowed, "reward.py");
  const config = { method: "grpo", model: { source: "tiny" }, grpo: { reward: { function: { file } } } };
  const asRole = <T>(role: Role, scopes: Permission[] | null, work: () => T): T => {
    const user = { id: "1", name: null, role, scopes, sessionId: null, annotatorId: null, language: null };
    return asAsked({ user, permission: "write" }, work);
  };
  const launched = (role: Role, scopes: Permission[] | null) =>
    asRole(role, scopes, () =>
      resolveRun({ data: { kind: "sample", id: "film-reviews" }, config }, "unused", createFreezer(0)),
    );
  const refused =
    "grpo.reward.function.file: code of one's own runs on the server, so only an owner may start a run that names a file of it";
  expect(() => launched("researcher", null)).toThrow(refused);
  expect(() => launched("owner", ["write"])).toThrow(refused);
  expect(launched("owner", null).config).toMatchObject({ grpo: { reward: { function: { file } } } });
  const id = newRunId(0);
  const stopped = {
    id,
    name: id,
    method: "grpo" as const,
    config: launched("owner", null).config,
    status: "stopped" as const,
  };
  appDb()
    .insert(runs)
    .values({ ...stopped, createdAt: 0 })
    .run(); // or read from a folder, whose config nobody has looked at
  expect(() => asRole("researcher", null, () => requestResume(id))).toThrow(refused);
  asRole("owner", null, () => requestResume(id));
  const outside = { ...config, grpo: { reward: { function: { file: join(elsewhere, "reward.py") } } } };
  const asOwner = () =>
    resolveRun({ data: { kind: "sample", id: "film-reviews" }, config: outside }, "unused", createFreezer(0));
  expect(asOwner).toThrow("WORKBENCH_FOLDERS");
});

test("F2: a queue is not filled by a model of another folder", async () => {
  const input = {
    queue: "q",
    second: null,
    prompts: "everyday",
    count: 1,
    answers: 2,
    question: "compare" as const,
    temperature: 1,
    longest: 8,
  };
  await expect(startFilling({ ...input, first: "base:/etc/passwd" }, 0)).rejects.toThrow("WORKBENCH_FOLDERS");
});
