// The filter `tojson` as Transformers gives it to templates: Python's json.dumps with its separators, nothing escaped for HTML.
import { Float, floatText, isTrue, listed, type Named, typeName, type Value } from "./values";

export function toJson(value: Value, named: Named): string {
  const indent = named.get("indent") ?? null;
  const given = listed(named.get("separators") ?? null);
  const [comma, colon] = (given as [string, string] | null) ?? [indent === null ? ", " : ",", ": "];
  const ascii = isTrue(named.get("ensure_ascii") ?? false);
  const sorted = isTrue(named.get("sort_keys") ?? false);
  const step = typeof indent === "number" ? " ".repeat(indent) : typeof indent === "string" ? indent : null;

  const wrapped = (open: string, parts: string[], close: string, depth: number): string => {
    if (parts.length === 0) return open + close;
    if (step === null) return open + parts.join(comma) + close;
    const line = `\n${step.repeat(depth + 1)}`;
    return `${open}${line}${parts.join(comma + line)}\n${step.repeat(depth)}${close}`;
  };
  const dumped = (one: Value, depth: number): string => {
    if (one === null) return "null";
    if (typeof one === "boolean" || typeof one === "number") return String(one);
    if (one instanceof Float) return jsonFloat(one.number);
    if (typeof one === "string") return jsonText(one, ascii);
    const items = listed(one);
    if (items) {
      return wrapped(
        "[",
        items.map((item) => dumped(item, depth + 1)),
        "]",
        depth,
      );
    }
    if (one instanceof Map) {
      const entries = [...one].map(([key, item]) => [keyText(key), item] as const);
      if (sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
      const parts = entries.map(([key, item]) => `${jsonText(key, ascii)}${colon}${dumped(item, depth + 1)}`);
      return wrapped("{", parts, "}", depth);
    }
    throw new Error(`Object of type ${typeName(one)} is not JSON serializable`);
  };
  return dumped(value, 0);
}

const jsonFloat = (number: number): string =>
  Number.isNaN(number) ? "NaN" : Number.isFinite(number) ? floatText(number) : number > 0 ? "Infinity" : "-Infinity";

function keyText(key: Value): string {
  if (typeof key === "string") return key;
  if (key === null) return "null";
  if (typeof key === "boolean" || typeof key === "number") return String(key);
  if (key instanceof Float) return jsonFloat(key.number);
  throw new Error(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

/** Python escapes what JSON.stringify does, and DEL is none of it; lone surrogates are not in texts of UTF-8. */
function jsonText(value: string, ascii: boolean): string {
  const json = JSON.stringify(value);
  if (!ascii) return json;
  return json.replace(/[\u007f-\uffff]/g, (unit) =>
    unit === "\u007f" ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
