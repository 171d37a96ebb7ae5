import { expect, test } from "vitest";
import { presets } from "@/lib/runs/presets";
import { adaptedLayers, expertTargets } from "@/spec/adapters/common";
import { type Method, problemList, runConfig } from "@/spec/config";
import { leavesOf } from "@/spec/paths";
import { fieldsOf, toConfig } from "./fields";
import { atFields, byPath, requireFields, startValues, type Values, withAdapterType, withMethod } from "./form-values";

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
    const again = checked(toConfig("dpo", fields, byPath(startValues("dpo", config))));
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

/** What a form with these values would launch. */
const launched = (method: Method, values: Values) => {
  const flat = byPath(values);
  return checked(toConfig(method, fieldsOf(method, flat["adapter.type"]), flat));
};

test.each([
  { adapter: { targets: ["q_proj", "v_proj"] } },
  { adapter: { type: "lora", targets: "all-linear", rank: 4 } },
  { adapter: null },
])("a run with %j, cloned or typed as a run file, keeps its adapter", (given) => {
  const config = { method: "sft", model: { source: "tiny" }, ...given };
  expect(() => requireFields(config)).not.toThrow();
  expect(launched("sft", startValues("sft", config)).data).toEqual(checked(config).data);
});

test("the form asks for the type of adapter and its layers, as the schema has them, and whether there is to be one", () => {
  const asked = (method: Method, path: string) => fieldsOf(method).find((field) => field.path === path);
  expect(asked("sft", "adapter.type")).toMatchObject({
    kind: "choice",
    choices: ["lora", "ia3", "prompt", "prefix", "bottleneck", "none"],
  });
  expect(asked("dpo", "adapter.type")).toMatchObject({
    kind: "choice",
    choices: ["lora", "ia3", "prompt", "prefix", "bottleneck", "none"],
  });
  expect(asked("dpo", "adapter.targets")).toMatchObject({
    ...{ kind: "set", all: "all-linear", initial: "all-linear" },
    choices: [...adaptedLayers, ...expertTargets],
  });
  expect(asked("dpo", "adapter.modulesToSave")).toMatchObject({
    ...{ kind: "set", all: null, choices: ["embed_tokens", "lm_head", "norm"] },
  });
  expect(fieldsOf("sft", "none").filter(({ path }) => path.startsWith("adapter"))).toHaveLength(1);
});

test("a list of names is written with commas between them, and an untouched one stays", () => {
  const model = { source: "tiny", quantisation: "nf4", unquantised: ["down_proj", "model.layers.0"] };
  const start = startValues("sft", { model });
  expect(launched("sft", start).data).toMatchObject({ model });
  const typed = (names: string) => launched("sft", { ...start, "model/unquantised": names }).data;
  expect(typed(" q_proj,k_proj ,")).toMatchObject({ model: { ...model, unquantised: ["q_proj", "k_proj"] } });
  expect(typed("mlp\\..{2,4}_proj, q_proj")).toMatchObject({
    model: { ...model, unquantised: ["mlp\\..{2,4}_proj", "q_proj"] },
  });
  const expressions = { ...model, unquantised: [".*[,]", "layers\\.[0-9]{1,2}"] };
  expect(launched("sft", startValues("sft", { model: expressions })).data).toMatchObject({ model: expressions });
  expect(typed("")).toMatchObject({ model: { ...model, unquantised: [] } });
});

test("a form is switched to training every weight and back, and to another method", () => {
  const lora = { ...startValues("sft", { model: { source: "tiny" }, seed: 7 }), "adapter/rank": "4" };
  const whole = withAdapterType("sft", lora, "none");
  expect(launched("sft", whole).data).toMatchObject({ seed: 7, adapter: null });
  expect(launched("sft", withAdapterType("sft", whole, "lora")).data).toMatchObject({ seed: 7, adapter: { rank: 16 } });
  expect(launched("orpo", withMethod("orpo", whole)).data).toMatchObject({ seed: 7, adapter: null });
  expect(launched("dpo", withMethod("dpo", whole)).data).toMatchObject({ seed: 7, adapter: null });
});

test("a problem of the adapter as a whole stands at the field that chooses its type", () => {
  const { error } = checked({ method: "sft", model: { source: "tiny" }, sft: { fromScratch: true } });
  expect(atFields(problemList(error!)).map(({ path }) => path)).toEqual(["adapter.type"]);
});
