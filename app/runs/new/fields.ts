// The form's fields, read off the zod schema of a run: path, label, help, kind, range, default.
import { z } from "zod";
import { configs, type Method } from "@/trainers/config";

export interface Field {
  path: string;
  label: string;
  help: string;
  shown: "essential" | "advanced";
  kind: "number" | "integer" | "text" | "choice" | "flag" | "list";
  choices: string[];
  nullable: boolean;
  initial: string | number | boolean | null;
}

interface Node {
  type?: string;
  description?: string;
  help?: string;
  shown?: "essential" | "advanced";
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Node>;
  anyOf?: Node[];
}

/** Filled in by the server, or too intricate for one input: left to run files. */
const hidden = new Set([
  "method",
  "output",
  "data.train",
  "data.tokens",
  "data.eval",
  "adapter.targets",
  "adapter.dropout",
  "reward.headInit",
  "ppo.reward.rules.format",
  "rloo.reward.rules.format",
  "grpo.reward.rules.format",
  "iterativeDpo.judge.rules.format",
  "ppo.replay",
  "iterativeDpo.dpo.lossWeights",
]);
/** What methods that learn from rollouts have names of their own for. */
const hiddenWithRollouts = new Set(["batchSize", "gradientAccumulation", "evalEvery"]);
const withRollouts: Method[] = ["ppo", "rloo", "grpo"];

export function fieldsOf(method: Method): Field[] {
  const fields = walk(z.toJSONSchema(configs[method], { io: "input", unrepresentable: "any" }) as Node, "");
  return withRollouts.includes(method) ? fields.filter(({ path }) => !hiddenWithRollouts.has(path)) : fields;
}

function walk(node: Node, path: string): Field[] {
  const described = node.description !== undefined;
  const forms = alternatives(node);
  const inner = forms.find(({ type }) => type !== "null")!;
  const children = () =>
    Object.entries(inner.properties ?? {}).flatMap(([name, child]) => walk(child, path ? `${path}.${name}` : name));
  if (!described && inner.properties) return children();
  if (hidden.has(path) || !described) return [];
  // an object that may be left out: there is one as soon as one of its fields is filled in
  if (inner.properties)
    return children().map((field) => ({
      ...field,
      label: `${node.description}: ${field.label}`,
      help: `${field.help}. ${node.help}`,
      shown: node.shown ?? "advanced",
      nullable: false,
      initial: "",
    }));
  const choices = (inner.enum ?? []).map(String);
  const kind =
    choices.length > 0
      ? "choice"
      : inner.type === "number" || inner.type === "integer"
        ? inner.type
        : inner.type === "boolean"
          ? "flag"
          : forms.some(({ type }) => type === "array")
            ? "list"
            : "text";
  const initial = (node.default ?? inner.default ?? (kind === "text" ? "" : null)) as Field["initial"];
  return [
    {
      path,
      label: node.description!,
      help: node.help ?? "",
      shown: node.shown ?? "advanced",
      kind,
      choices,
      nullable: forms.some(({ type }) => type === "null"),
      initial,
    },
  ];
}

/** What a value may be, of unions in unions too. */
const alternatives = (node: Node): Node[] => node.anyOf?.flatMap(alternatives) ?? [node];

/** Essentials of one name whose values another method changes, in words: its own fields begin at its own defaults. */
export function changesBetween(
  old: Field[],
  before: Record<string, unknown>,
  now: Field[],
  after: Record<string, unknown>,
): string[] {
  return now.flatMap(({ label, path, shown }) => {
    const same = old.find((field) => field.label === label);
    if (!same || shown !== "essential") return [];
    const [was, is] = [String(before[same.path] ?? ""), String(after[path] ?? "")];
    return was === is || is === "" ? [] : [`${label} ${was || "not set"} → ${is}`];
  });
}

/** The values of a form (flat, by path) as the nested object of a run file; untouched and empty fields keep the schema's default. */
export function toConfig(method: Method, fields: Field[], values: Record<string, unknown>): Record<string, unknown> {
  const config: Record<string, unknown> = { method };
  for (const { path, kind, nullable } of fields) {
    const raw = values[path];
    if (raw === undefined || raw === "" || raw === null || (Array.isArray(raw) && raw.length === 0)) {
      if (nullable && raw !== undefined) set(config, path, null);
      continue;
    }
    const number = kind === "number" || kind === "integer" ? Number(raw) : Number.NaN;
    set(config, path, Number.isNaN(number) ? raw : number); // a word is left to the schema, which takes it or says what is wrong
  }
  return config;
}

function set(target: Record<string, unknown>, path: string, value: unknown): void {
  const [name, ...rest] = path.split(".") as [string, ...string[]];
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  target[name] ??= {};
  set(target[name] as Record<string, unknown>, rest.join("."), value);
}

/** A nested object (a preset's config) as flat values by path. */
export function toValues(config: Record<string, unknown>, prefix = ""): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([name, value]) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(toValues(value as Record<string, unknown>, `${prefix}${name}.`))
        : [[`${prefix}${name}`, value]],
    ),
  );
}
