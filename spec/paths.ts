// Nested values by dotted path: run files as the form, a sweep, a comparison and a list of changes speak of them. Only an object's own
// properties are read and written, since paths come from requests as well: `__proto__` is a name like any other.

export type Nested = Record<string, unknown>;

const isNested = (value: unknown): value is Nested =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every value that is no object itself, by its path. A list is a value. */
export function leavesOf(nested: object, prefix = ""): Nested {
  const entries = Object.entries(nested).flatMap(([name, value]): [string, unknown][] =>
    isNested(value) ? Object.entries(leavesOf(value, `${prefix}${name}.`)) : [[`${prefix}${name}`, value]],
  );
  return Object.fromEntries(entries);
}

/** The same as words, to be shown and compared. */
export const flat = (nested: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(leavesOf(nested)).map(([path, value]) => [
      path,
      Array.isArray(value) ? JSON.stringify(value) : String(value),
    ]),
  );

/** What stands at a path; undefined where nothing does. */
export const valueAt = (nested: object, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((at, name) => (isNested(at) && Object.hasOwn(at, name) ? at[name] : undefined), nested);

/** A copy with `value` at the path. Objects on the way are made where there are none. */
export function withValue(nested: Nested, path: string, value: unknown): Nested {
  const [name, ...rest] = path.split(".") as [string, ...string[]];
  if (rest.length === 0) return { ...nested, [name]: value };
  const inner = valueAt(nested, name);
  return { ...nested, [name]: withValue(isNested(inner) ? inner : {}, rest.join("."), value) };
}

/** A copy without what stands at the path. */
export function withoutPath(nested: Nested, path: string): Nested {
  const [name, ...rest] = path.split(".") as [string, ...string[]];
  if (!Object.hasOwn(nested, name)) return nested;
  const { [name]: inner, ...others } = nested;
  if (rest.length === 0) return others;
  return isNested(inner) ? { ...nested, [name]: withoutPath(inner, rest.join(".")) } : nested;
}
