// One schema of a run: it is the launch form, the stored JSON, the CLI file and the docs. No tfjs in here: the browser imports it.
// Fields that every run has are in fields/common.ts, each method's own in methods/.
import { z } from "zod";
import { engineProblem } from "./engines";
import type { Problem } from "./errors";
import { common, model, reference } from "./fields/common";
import { allMethods, type Method, methodOf, type RunConfig } from "./methods/all";

export type { Method, RunConfig } from "./methods/all";

/** Why a field at the top of a run file that another method has is out of place in this one's; null where none has it. */
export function strayField(method: Method, field: string): string | null {
  const own = methodOf({ method }).reference;
  if (field === "reference")
    return own === null ? "this method has no reference; leave it out" : `the reference of ${method} is ${own}`;
  const owner = allMethods.find(({ block }) => block === field);
  return owner && owner.name !== method ? `belongs to runs of ${owner.name}, and this one is ${method}` : null;
}

/** The run files of a method, without what holds between their fields. Words for fields that it does not have, one a line. */
function createSchema(method: Method) {
  const { block, options, reference: path } = methodOf({ method });
  const fields = { method: z.literal(method), ...common, ...(path === "reference" && { reference }) };
  return z.strictObject(
    { ...fields, [block]: options.prefault({}) },
    {
      error: (issue) =>
        issue.code === "unrecognized_keys"
          ? issue.keys.map((key) => strayField(method, key) ?? "unknown field").join("\n")
          : undefined,
    },
  );
}

type Schema = ReturnType<typeof createSchema>;
const schemas = new Map(allMethods.map(({ name }): [Method, Schema] => [name, createSchema(name)]));

export const schemaOf = (method: Method): Schema => schemas.get(method)!;

/** A run as its file gives it: `data.train` and `data.tokens` exclude each other; a method with a reference trains an adapter. */
export const runConfig = z
  .discriminatedUnion("method", [...schemas.values()] as [Schema, ...Schema[]])
  .superRefine((parsed, context) => {
    const run = parsed as unknown as RunConfig; // the union of a list has lost which options go with which method
    const method = methodOf(run);
    const issue = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    const engine = engineProblem(run);
    if (engine !== null) issue(["engine"], engine);
    const { train, tokens, heldOut, eval: heldOutFile } = run.data;
    const replayed = method.bringsRows(run);
    if (replayed ? train !== null : (train === null) === (tokens === null))
      issue(["data", "train"], replayed ? "a replay brings its own prompts" : "give either data.train or data.tokens");
    if (heldOut > 0 && (tokens !== null || replayed))
      issue(["data", "heldOut"], "rows that are token ids are all trained on: set it to 0");
    if (heldOut > 0 && heldOutFile !== null)
      issue(["data", "heldOut"], "data.eval brings the held-out rows: set it to 0, or leave data.eval empty");
    if (method.onPolicy && tokens !== null)
      issue(["data", "tokens"], "this method samples its answers: give prompts as data.train");
    if (method.adapter === "required" && run.adapter === null)
      issue(["adapter"], `${method.label} needs an adapter: its reference is the base with the adapter off`);
    if ("reference" in run && run.reference === "initial" && run.adapter?.init === undefined)
      issue(["reference"], 'reference "initial" needs adapter.init; a fresh adapter is the base itself');
    for (const { path, message } of method.problems(run)) issue(path.split("."), message);
    if (run.adapter === null && run.recompute === "block")
      issue(["recompute"], 'recomputing blocks needs an adapter; use "attention" to train every weight');
    if (run.adapter === null && run.model.dtype === "bfloat16")
      issue(["model", "dtype"], "training every weight needs float32");
  }) as unknown as z.ZodType<RunConfig>;

/** What `workbench generate` reads. */
export const generateConfig = z.strictObject({
  model,
  adapter: z.string().min(1).nullable().default(null),
  /** Who writes the second answer of each pair: null is the same policy, "base" the model without an adapter, else an adapter's folder. */
  against: z.string().min(1).nullable().default(null),
  prompts: z.string().min(1),
  samples: z.int().min(1).max(64).default(1),
  maxNewTokens: z.int().min(1).max(4096).default(128),
  temperature: z.number().min(0).max(10).default(1),
  topK: z.int().min(1).nullable().default(null),
  topP: z.number().gt(0).max(1).nullable().default(null),
  batchSize: z.int().min(1).max(256).default(16),
  seed: z.int().min(0).default(0),
});
export type GenerateConfig = z.infer<typeof generateConfig>;

/** What `workbench chat` reads: a conversation that each adapter is to go on, null being the base alone. */
export const chatConfig = z.strictObject({
  model,
  adapters: z.array(z.string().min(1).nullable()).min(1).max(4),
  messages: z.array(z.strictObject({ role: z.string().min(1), content: z.string().min(1) })).min(1),
  maxNewTokens: z.int().min(1).max(4096).default(128),
  temperature: z.number().min(0).max(10).default(1),
  seed: z.int().min(0).default(0),
});
export type ChatConfig = z.infer<typeof chatConfig>;

/** Every problem of a file, each at its field's path; a stray field has one of its own. */
export function problemList({ issues }: z.ZodError): Problem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.join(".");
    if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
    const words = path === "" ? issue.message.split("\n") : []; // strayFields; a nested block has no words of its own
    return issue.keys.map((key, i) => ({ path: path ? `${path}.${key}` : key, message: words[i] ?? "unknown field" }));
  });
}

/** The same as `path: message`, one a line. */
export const problems = (error: z.ZodError): string[] =>
  problemList(error).map(({ path, message }) => `${path || "file"}: ${message}`);
