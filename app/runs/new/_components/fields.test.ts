import { expect, test } from "vitest";
import { presets } from "@/lib/runs/presets";
import { type Method, runConfig } from "@/spec/config";
import { leavesOf } from "@/spec/paths";
import { fieldsOf, toConfig } from "./fields";
import { byPath, requireFields, startValues } from "./form-values";

const checked = (config: object) =>
  runConfig.safeParse({ ...config, data: { ...(config as { data?: object }).data, train: "x" }, output: "y" });

test.each(["dpo", "sft"] as const)(
  "every field of %s has a label, a help line and a place, and the untouched form is a valid run",
  (method) => {
    const fields = fieldsOf(method);
    for (const field of fields)
      expect([field.label, field.help], field.path).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
    expect(fields.map(({ path }) => path)).toContain("optimizer.learningRate");
    expect(fields.some(({ path }) => path.startsWith("dpo."))).toBe(method === "dpo");
    const untouched = Object.fromEntries(
      fields.map(({ path, initial }) => [path, path === "model.source" ? "tiny" : (initial ?? "")]),
    );
    expect(checked(toConfig(method, fields, untouched)).success).toBe(true);
  },
);

test.each(presets)("preset $id passes through the form unchanged", ({ config }) => {
  const fields = fieldsOf(config.method as Method);
  const given = leavesOf(config);
  const values = Object.fromEntries(fields.map(({ path, initial }) => [path, given[path] ?? initial ?? ""]));
  expect(checked(toConfig(config.method as Method, fields, values)).data).toEqual(checked(config).data);
});

test("fields that take one of several kinds: lists of runs, a number or a word, objects that may be left out", () => {
  const fields = fieldsOf("iterative-dpo");
  const kindOf = (path: string) => fields.find((field) => field.path === path)?.kind;
  expect(kindOf("iterativeDpo.judge.model")).toBe("list");
  expect(kindOf("iterativeDpo.judge.queue")).toBe("integer");
  const judge = (values: object) =>
    checked(
      toConfig("iterative-dpo", fields, { "model.source": "tiny", "iterativeDpo.numGenerations": "2", ...values }),
    );
  expect(judge({ "iterativeDpo.judge.queue": "new" }).data).toMatchObject({
    iterativeDpo: { judge: { queue: "new" } },
  });
  expect(judge({ "iterativeDpo.judge.queue": "3" }).data).toMatchObject({ iterativeDpo: { judge: { queue: 3 } } });
  expect(judge({ "iterativeDpo.judge.queue": "old" }).success).toBe(false);
  const ruled = judge({ "iterativeDpo.judge.rules.length.max": "40", "iterativeDpo.judge.rules.json.weight": "" });
  expect(ruled.data).toMatchObject({
    iterativeDpo: { judge: { rules: { length: { min: 0, max: 40, weight: 1 }, json: null } } },
  });
});

test("a number that is none is named, not passed on as nothing", () => {
  const config = toConfig("dpo", fieldsOf("dpo"), { "model.source": "tiny", "optimizer.learningRate": "fast" });
  expect(checked(config).error?.issues[0]?.path).toEqual(["optimizer", "learningRate"]);
});

test.each([null, 0])(
  "W2: a form that starts from a run with maxGradNorm %j keeps clipping switched off",
  (maxGradNorm) => {
    const config = { method: "dpo", model: { source: "tiny" }, optimizer: { maxGradNorm } };
    const fields = fieldsOf("dpo");
    const again = checked(toConfig("dpo", fields, byPath(startValues(fields, config))));
    expect(again.data?.optimizer.maxGradNorm).toBe(maxGradNorm);
  },
);

test("W2: an emptied gradient clip switches clipping off", () => {
  const config = toConfig("dpo", fieldsOf("dpo"), { "model.source": "tiny", "optimizer.maxGradNorm": "" });
  expect(checked(config).data?.optimizer.maxGradNorm).toBeNull();
});

test.each([
  [{ method: "sft", reference: "base" }, "reference: this method has no reference"],
  [{ method: "kto", dpo: { beta: 1 } }, "dpo.beta: belongs to runs of dpo, and this one is kto"],
  [{ method: "dpo", dpo: { bata: 1 } }, "no field of this form: dpo.bata"],
])("W3: a run typed into the form says what is wrong with a field that it has no place for: %j", (typed, words) => {
  expect(() => requireFields(typed)).toThrow(words);
});
