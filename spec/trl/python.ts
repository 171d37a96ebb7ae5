// Options as Python writes them.

type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
export type Options = Record<string, Value>;

export const keywords = (options: Options): string =>
  Object.entries(options)
    .map(([name, value]) => `    ${name}=${python(value)},`)
    .join("\n");

export function python(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (typeof value === "object") {
    const entries = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${python(inner)}`);
    return `{${entries.join(", ")}}`;
  }
  return JSON.stringify(value);
}
