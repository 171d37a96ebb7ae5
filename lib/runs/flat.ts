/** Nested values by dotted path, as words. */
export function flat(value: unknown, path = ""): Record<string, string> {
  if (typeof value !== "object" || value === null) return { [path]: typeof value === "string" ? value : String(value) };
  if (Array.isArray(value)) return { [path]: JSON.stringify(value) };
  const parts = Object.entries(value).map(([key, inner]) => flat(inner, path ? `${path}.${key}` : key));
  return Object.assign({}, ...parts) as Record<string, string>;
}
