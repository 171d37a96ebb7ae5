// The form's fields, read off the zod schema of a run: path, label, help, kind, range, default.

import type { Method } from "@/spec/config";
import type { Takes } from "@/spec/field-meta";
import { methodOf } from "@/spec/methods/all";
import { type Nested, withValue } from "@/spec/paths";
import { alternatives, type FieldSchema, runSchema } from "@/spec/run-fields";

export interface Field {
  path: string;
  label: string;
  help: string;
  shown: "essential" | "advanced";
  /** A "set" is some of the choices, in a list; "names" are written with commas between them. */
  kind: "number" | "integer" | "text" | "choice" | "flag" | "list" | "set" | "names";
  choices: string[];
  /** The word that a set may be instead: all-linear. */
  all: string | null;
  nullable: boolean;
  initial: string | number | boolean | string[] | null;
  takes: Takes | undefined;
}

export const machineField = "machine";
export const adapterType = "adapter.type";
/** Chosen as the type of an adapter: every weight is trained, and the run file says `adapter: null`. */
export const noAdapter = "none";

/** The fields that a method's form has an input for, where an adapter of this type is chosen. */
export function fieldsOf(method: Method, type?: unknown): Field[] {
  const { hides } = methodOf({ method });
  return Object.entries(runSchema(method).properties ?? {})
    .flatMap(([name, node]) => (name === "adapter" ? adapterFields(node, type) : walk(node, name)))
    .filter(({ path }) => !hides.includes(path));
}

/** The types to choose from, and the fields of the chosen one; of the first where none is chosen. */
function adapterFields(node: FieldSchema, type: unknown): Field[] {
  const typeOf = ({ properties }: FieldSchema) => String(properties?.type?.const);
  const types = alternatives(node).filter(({ properties }) => properties);
  const choices = [...types.map(typeOf), noAdapter];
  const fields = walk(types.find((one) => typeOf(one) === type) ?? types[0]!, "adapter").map(
    (field): Field => (field.path === adapterType ? { ...field, kind: "choice", choices } : field),
  );
  return type === noAdapter ? fields.filter(({ path }) => path === adapterType) : fields;
}

function walk(node: FieldSchema, path: string): Field[] {
  const described = node.description !== undefined;
  const forms = alternatives(node);
  const inner = forms.find(({ type }) => type !== "null")!;
  const children = () =>
    Object.entries(inner.properties ?? {}).flatMap(([name, child]) => walk(child, path ? `${path}.${name}` : name));
  if (!described && inner.properties) return children();
  const { shown = "advanced", takes } = node;
  if (shown === "run-file" || !described) return [];
  // an object that may be left out: there is one as soon as one of its fields is filled in
  if (inner.properties)
    return children().map((field) => ({
      ...field,
      label: `${node.description}: ${field.label}`,
      help: `${field.help}. ${node.help}`,
      shown,
      nullable: false,
      initial: "",
    }));
  const listed = forms.find(({ type }) => type === "array");
  const choices = (inner.enum ?? node.choices ?? listed?.items?.enum ?? []).map(String);
  const kind =
    choices.length > 0
      ? inner.enum || node.choices
        ? "choice"
        : "set"
      : inner.type === "number" || inner.type === "integer"
        ? inner.type
        : inner.type === "boolean"
          ? "flag"
          : listed
            ? inner.items?.type === "string"
              ? "names"
              : "list"
            : "text";
  const initial = (node.default ?? inner.default ?? (kind === "text" ? "" : null)) as Field["initial"];
  return [
    {
      path,
      label: node.description!,
      help: node.help ?? "",
      shown,
      takes,
      kind,
      choices,
      all: typeof inner.const === "string" ? inner.const : null,
      nullable: forms.some(({ type }) => type === "null"),
      initial,
    },
  ];
}

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

/** Commas within {1,2} are an expression's own. */
const namesIn = (typed: string): string[] =>
  typed
    .split(/,(?![^{]*\})/)
    .map((name) => name.trim())
    .filter((name) => name !== "");

/** The values of a form (flat, by path) as the nested object of a run file; untouched and empty fields keep the schema's default. */
export function toConfig(method: Method, fields: Field[], values: Nested): Nested {
  let config: Nested = { method };
  for (const { path, kind, nullable } of fields) {
    const raw = values[path];
    if (raw === undefined || raw === "" || raw === null || (Array.isArray(raw) && raw.length === 0)) {
      if (nullable && raw !== undefined) config = withValue(config, path, null);
      continue;
    }
    if (path === adapterType && raw === noAdapter) {
      config = withValue(config, "adapter", null);
      continue;
    }
    if (kind === "names") {
      config = withValue(config, path, Array.isArray(raw) ? raw : namesIn(String(raw)));
      continue;
    }
    const number = kind === "number" || kind === "integer" ? Number(raw) : Number.NaN;
    config = withValue(config, path, Number.isNaN(number) ? raw : number); // a word is left to the schema, which takes it or says what is wrong
  }
  return config;
}
