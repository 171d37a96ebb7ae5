// Fields by the names that they had: in earlier versions of the workbench, in stored runs, in scripts outside. The schema says of each field
// what it was called (`formerly`); here such names are put into those of today.
import { allMethods, isMethod, type Method } from "./methods/all";
import { type Nested, valueAt, withoutPath, withValue } from "./paths";
import { fieldPaths } from "./run-fields";

const known = new Map<Method, ReadonlyMap<string, string>>();

/** Of the run files of a method, the path of today by the path that was. */
function renamed(method: Method): ReadonlyMap<string, string> {
  const found = known.get(method) ?? new Map(formerPaths(method));
  known.set(method, found);
  return found;
}

const formerPaths = (method: Method): [string, string][] =>
  [...fieldPaths(method)].flatMap(([path, { formerly = [] }]) =>
    formerly.map((name): [string, string] => [path.replace(/[^.]+$/, name), path]),
  );

/** A block belongs to one method; the other fields are the same in all. */
const methodWith = (path: string): Method =>
  (allMethods.find(({ block }) => path.startsWith(`${block}.`)) ?? allMethods[0]).name;

/** Where a field of a run file is found today. */
export const currentPath = (path: string): string => renamed(methodWith(path)).get(path) ?? path;

/** What a field is called today; null where it has its name still. */
export const newNameOf = (path: string): string | null =>
  renamed(methodWith(path)).get(path)?.split(".").at(-1) ?? null;

/** A run file in the names of today. Where a field is given by both of its names both stay, for the schema to refuse. */
export function currentNames(file: unknown): unknown {
  if (typeof file !== "object" || file === null) return file;
  const { method } = file as Nested;
  if (typeof method !== "string" || !isMethod(method)) return file; // the schema says what is wrong with it
  let config = file as Nested;
  for (const [was, is] of renamed(method)) {
    const value = valueAt(config, was);
    if (value === undefined || valueAt(config, is) !== undefined) continue;
    config = withValue(withoutPath(config, was), is, value);
  }
  return config;
}

/** Where a file gives what is read at `path`: under a former name, if that is the one that it has. */
export function pathAsGiven(file: unknown, path: string): string {
  if (typeof file !== "object" || file === null) return path;
  const { method } = file as Nested;
  if (typeof method !== "string" || !isMethod(method)) return path;
  const named = ([was, is]: [string, string]) =>
    (path === is || path.startsWith(`${is}.`)) && valueAt(file, was) !== undefined && valueAt(file, is) === undefined;
  const former = [...renamed(method)].find(named);
  return former ? `${former[0]}${path.slice(former[1].length)}` : path;
}
