// The fields of a run file, read off its schema: what a path may name, and what is known of each.
import { z } from "zod";
import type { Takes } from "./field-meta";
import type { Method } from "./methods/all";
import { schemaOf } from "./methods/schemas";

/** A field in JSON schema, with what `.describe()` and `.meta()` say of it. */
export interface FieldSchema {
  type?: string;
  description?: string;
  help?: string;
  shown?: "essential" | "advanced" | "run-file";
  choices?: string[];
  file?: true;
  program?: true;
  takes?: Takes;
  formerly?: string[];
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, FieldSchema>;
  anyOf?: FieldSchema[];
  oneOf?: FieldSchema[];
  /** What a list holds. */
  items?: FieldSchema;
}

export const runSchema = (method: Method): FieldSchema =>
  z.toJSONSchema(schemaOf(method), { io: "input", unrepresentable: "any" }) as FieldSchema;

/** What a value may be, of unions in unions too. */
export const alternatives = (node: FieldSchema): FieldSchema[] =>
  (node.anyOf ?? node.oneOf)?.flatMap(alternatives) ?? [node];

const known = new Map<Method, ReadonlyMap<string, FieldSchema>>();

/** Every field of a method's run files by its dotted path, blocks of fields too. */
export function fieldPaths(method: Method): ReadonlyMap<string, FieldSchema> {
  const fields = known.get(method) ?? byPath(walk(runSchema(method), ""));
  known.set(method, fields);
  return fields;
}

/** What several kinds of a block have by one name is one field, which takes what any of them takes. */
function byPath(found: [string, FieldSchema][]): Map<string, FieldSchema> {
  const fields = new Map<string, FieldSchema>();
  for (const [path, field] of found) {
    const first = fields.get(path);
    const other = first && first.help !== field.help ? `${first.help}; or ${field.description}: ${field.help}` : null;
    const both = first && { ...first, anyOf: [...alternatives(first), ...alternatives(field)] };
    fields.set(path, both ? { ...both, ...(other && { help: other }) } : field);
  }
  return fields;
}

function walk(node: FieldSchema, prefix: string): [string, FieldSchema][] {
  return alternatives(node).flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([name, field]): [string, FieldSchema][] => [
      [`${prefix}${name}`, field],
      ...walk(field, `${prefix}${name}.`),
    ]),
  );
}
