// `npm run reference`: the fields of run files in docs/run-file.md, made from the schema that checks them and draws the launch form.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allMethods } from "../spec/methods/all";
import { alternatives, type FieldSchema, fieldPaths } from "../spec/run-fields";

export const page = join(import.meta.dirname, "..", "docs", "run-file.md");
const [begin, end] = ["<!-- npm run reference -->", "<!-- end of the reference -->"];

const typeWords: Record<string, string> = {
  integer: "whole number",
  number: "number",
  string: "text",
  boolean: "`true` or `false`",
  array: "list",
  object: "block",
  null: "`null`",
};

/** What a field takes: "`adamw` or `sgd`", "whole number or `null`". */
function valueWords(field: FieldSchema): string {
  const words = alternatives(field).flatMap(({ enum: choices, const: only, type }) => {
    if (only !== undefined) return [`\`${JSON.stringify(only)}\``];
    if (choices) return choices.map((choice) => `\`${choice}\``);
    return type === undefined ? [] : [typeWords[type] ?? type];
  });
  const distinct = [...new Set(words)];
  return [distinct.slice(0, -1).join(", "), distinct.at(-1)].filter(Boolean).join(" or ");
}

/** Of a block without a default of its own its fields say theirs. */
const defaultWords = ({ default: value }: FieldSchema): string =>
  value === undefined || (typeof value === "object" && value !== null && !Array.isArray(value))
    ? ""
    : `\`${JSON.stringify(value)}\``;

function row([path, field]: [string, FieldSchema]): string {
  const { description = "", help = "", formerly = [] } = field;
  const also = formerly.length > 0 ? ` Also accepted as ${formerly.map((name) => `\`${name}\``).join(", ")}.` : "";
  const cells = [`\`${path}\``, defaultWords(field), valueWords(field), `${description}: ${help}.${also}`];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const table = (fields: [string, FieldSchema][]): string =>
  ["| field | default | takes | meaning |", "| --- | --- | --- | --- |", ...fields.map(row)].join("\n");

/** Fields with a label; blocks that only hold others have none. */
const labelled = (fields: Iterable<[string, FieldSchema]>) =>
  [...fields].filter(([, { description }]) => description !== undefined);

/** Every field of every method: those of all runs first. */
export function reference(): string {
  const methods = allMethods.map(({ name, label, about, block }) => {
    const fields = labelled(fieldPaths(name));
    return { name, label, about, own: fields.filter(([path]) => path.startsWith(`${block}.`)), fields };
  });
  const common = methods[0]!.fields.filter(([path]) =>
    methods.every(({ fields }) => fields.some(([other]) => other === path)),
  );
  const shared = new Set(common.map(([path]) => path));
  const others = methods.flatMap(({ name, own, fields }) =>
    fields.filter((field) => !shared.has(field[0]) && !own.includes(field)).map((field) => ({ name, field })),
  );
  const named = [...new Map(others.map(({ field }) => [field[0], field])).values()];
  const owners = (path: string) => others.filter(({ field }) => field[0] === path).map(({ name }) => `\`${name}\``);
  return [
    "### Every run",
    table([...common, ...named]),
    ...named.map(([path]) => `\`${path}\` belongs to ${owners(path).join(", ")}.`),
    ...methods.flatMap(({ name, label, about, own }) => [`### ${label} (\`"method": "${name}"\`)`, about, table(own)]),
  ].join("\n\n");
}

/** The page with what stands between its marks made anew. */
export function referencePage(): string {
  const text = readFileSync(page, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`${page} has no ${begin} before ${end}: put them where the reference goes`);
  return `${text.slice(0, from + begin.length)}\n\n${reference()}\n\n${text.slice(to)}`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(page, referencePage());
