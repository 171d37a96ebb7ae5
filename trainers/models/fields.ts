// Files of others are read strictly: each of their fields is used, known to change nothing, or refused by its name.
import { readFileSync } from "node:fs";
import { z } from "zod";
import { withoutQuote } from "../../common/json";

/** An error about a file, with the file's name, which libraries leave out. */
export function about(what: string, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Cannot read ${what}: ${withoutQuote(message)}`, { cause });
}

/** JSON, or what Python writes as JSON, which has infinite numbers bare. */
function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!infinite.test(text)) throw cause;
    return JSON.parse(text.replace(infinite, "1e999")); // which is infinite too
  }
}
const infinite = /(?<=[[,:]\s*)Infinity(?=\s*[,\]}])/g;

/** How often a model has a part, as a layer or an expert. A damaged file may say two billion, and what goes through them would never end. */
export const repeats = z.int().min(1).max(10_000);

export interface FieldLists {
  /** Read where the file is parsed. */
  used: readonly string[];
  /** Of no effect on any number, whatever they say. */
  harmless: readonly string[];
  /** Supported at these values alone, and of no effect then. */
  only: Readonly<Record<string, readonly unknown[]>>;
}

/** A JSON file that is an object. Throws with the file's name. */
export function readJson(path: string): Record<string, unknown> {
  try {
    const json = parsePythonJson(readFileSync(path, "utf8"));
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
    throw new Error("it should hold a JSON object");
  } catch (cause) {
    throw about(path, cause);
  }
}

/** Throws, naming file, field and value, at the first field whose value would change a result and is not applied. */
export function refuseOthers(
  json: Record<string, unknown>,
  { used, harmless, only }: FieldLists,
  source: string,
): void {
  for (const [name, value] of Object.entries(json)) {
    if (used.includes(name) || harmless.includes(name) || isUnset(value)) continue;
    const values = Object.hasOwn(only, name) ? only[name]! : undefined;
    if (values?.some((allowed) => JSON.stringify(allowed) === JSON.stringify(value))) continue;
    const found = `${source}: ${name} ${JSON.stringify(value).slice(0, 100)}`;
    if (values === undefined) throw new Error(`${found} is not known here and may change what the model computes`);
    const allowed =
      values.length > 0 ? `; supported is ${values.map((each) => JSON.stringify(each)).join(" or ")}` : "";
    throw new Error(`${found} is not supported${allowed}`);
  }
}

/** What options say that are switched off. */
const isUnset = (value: unknown) =>
  value === null ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** `json` by `schema`; what does not fit is named with what was found there. */
export function parsedFields<T>(schema: z.ZodType<T>, json: Record<string, unknown>, source: string): T {
  const { success, data, error } = schema.safeParse(json);
  if (success) return data;
  const { path, message } = error.issues[0]!;
  const found = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], json);
  throw new Error(
    `${source}: ${path.join(".")}: ${found === undefined ? "it is missing" : `found ${JSON.stringify(found)}`}. ${message}`,
  );
}
