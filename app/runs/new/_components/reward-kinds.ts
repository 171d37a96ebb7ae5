// What can score a sampled answer, read off the form's fields and values.
import type { Field } from "./fields";
import type { Values } from "./form-values";

export type Kind = "model" | "gold" | "remote" | "function" | "grader" | "rules" | "people" | "endpoint";

export const kinds: { kind: Kind; label: string }[] = [
  { kind: "model", label: "Reward model" },
  { kind: "gold", label: "Oracle (synthetic)" },
  { kind: "remote", label: "Over HTTP" },
  { kind: "function", label: "Own function" },
  { kind: "grader", label: "Grader (endpoint)" },
  { kind: "rules", label: "Rules" },
  { kind: "people", label: "People" },
  { kind: "endpoint", label: "Judging endpoint" },
];

export function kindOf({ path }: Field): Kind {
  if (/\.rules\./.test(path)) return "rules";
  if (/\.gold(Weight)?$/.test(path)) return "gold";
  if (/\.remote(Weight)?$/.test(path)) return "remote";
  if (/\.function\./.test(path)) return "function";
  if (/\.grader\./.test(path)) return "grader";
  if (path.endsWith(".endpoint")) return "endpoint";
  return path.endsWith(".queue") ? "people" : "model";
}

const isFilled = (value: unknown) =>
  value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);

/** The field that says whether a kind is there at all. */
const says = /\.(model|gold|remote|queue|endpoint|function\.file|grader\.endpoint|rules\..+)$/;

/** The kinds that score, in the order in which the form offers them. */
export function rewardGiven(fields: Field[], values: Values): Kind[] {
  const filled = fields.filter(({ path }) => says.test(path) && isFilled(values[path])).map(kindOf);
  return kinds.map(({ kind }) => kind).filter((kind) => filled.includes(kind));
}

/** Whether an environment replies, which may reward too. */
export const hasEnvironment = (values: Values): boolean =>
  Object.entries(values).some(([path, value]) => /\.environment\.(file|address)$/.test(path) && isFilled(value));

/** "1 × reward model + 0.5 × oracle". */
export function sumInWords(fields: Field[], values: Values): string {
  const valueAt = (end: string) => values[fields.find(({ path }) => path.endsWith(end))?.path ?? ""];
  const models = valueAt(".model");
  const several = Array.isArray(models) && models.length > 1;
  const rules = [
    ["length", valueAt(".rules.length.max"), valueAt(".rules.length.weight")],
    ["pattern", valueAt(".rules.pattern.expression"), valueAt(".rules.pattern.weight")],
    ["JSON", valueAt(".rules.json.weight"), valueAt(".rules.json.weight")],
    ["JSON schema", valueAt(".rules.jsonSchema.schema"), valueAt(".rules.jsonSchema.weight")],
    ["right answer", valueAt(".rules.answer.column"), valueAt(".rules.answer.weight")],
    ["language", valueAt(".rules.language.code"), valueAt(".rules.language.weight")],
    ["reasoning", valueAt(".rules.think.weight"), valueAt(".rules.think.weight")],
    ["overlong", valueAt(".rules.overlong.max"), valueAt(".rules.overlong.weight")],
    ["repetition", valueAt(".rules.repetition.ngram"), valueAt(".rules.repetition.weight")],
  ].flatMap(([name, given, weight]) => (isFilled(given) ? [`${isFilled(weight) ? weight : 1} × ${name} rule`] : []));
  const parts: Record<Kind, string[]> = {
    model: [`${valueAt(".modelWeight") ?? 1} × ${several ? `${models.length} reward models` : "reward model"}`],
    gold: [`${valueAt(".goldWeight") ?? 1} × oracle`],
    remote: [`${valueAt(".remoteWeight") ?? 1} × reward over HTTP`],
    function: [`${valueAt(".function.weight") || 1} × own function`],
    grader: [`${valueAt(".grader.weight") || 1} × grader`],
    rules,
    people: ["people's choice"],
    endpoint: ["the endpoint's choice"],
  };
  return [
    ...rewardGiven(fields, values).flatMap((kind) => parts[kind]),
    ...(hasEnvironment(values) ? ["environment"] : []),
  ].join(" + ");
}
