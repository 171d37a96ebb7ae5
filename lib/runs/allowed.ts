// Which files and folders a request may name: those of this workbench, and those in folders that its owner allows. The command line reads
// whatever its user may read.
import "server-only";
import { lstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { allowedFolders, dataFolder, runsFolder } from "../../common/env";
import { isRecord } from "../../common/json";
import { bundledFolder, isBundled } from "../../common/model-paths";
import { AppError, type Problem } from "../../spec/errors";
import { isStored } from "../../spec/fields/data-sources";
import { isMethod } from "../../spec/methods/all";
import { type Nested, valueAt } from "../../spec/paths";
import { may } from "../../spec/roles";
import { fieldPaths } from "../../spec/run-fields";
import { askedNow } from "../access/asked";

/** Throws where a run names a file that a request may not read, at its field; never says whether such a file exists. */
export function requireAllowedFiles(config: Nested & { method: string }): void {
  if (!isMethod(config.method)) return; // the schema of runs says which there are
  requireMayRunPrograms(config);
  const problems = [...fieldPaths(config.method)].flatMap(([path, { file }]): Problem[] =>
    file ? [valueAt(config, path)].flat().flatMap((value) => refusalOf(path, fileIn(value))) : [],
  );
  if (problems.length > 0)
    throw new AppError(400, problems.map(({ path, message }) => `${path}: ${message}`).join("\n"), { problems });
}

/** Throws where somebody else than an owner asks for a run that names a file whose code it runs: that is more than any other permission gives. */
export function requireMayRunPrograms(config: { method: string }): void {
  if (!isMethod(config.method)) return;
  const fields = [...fieldPaths(config.method)];
  const paths = fields.flatMap(([path, { program }]) => (program && valueAt(config, path) ? [path] : []));
  if (paths.length > 0)
    requireMayRunProgram(paths, "start a run that names a file of it: ask one, or score by rules or over HTTP");
}

/** Throws where somebody else than an owner asks for what runs code of one's own, which the fields at `paths` name. */
export function requireMayRunProgram(paths: string[], what: string): void {
  const asked = askedNow();
  if (asked === null || may(asked.user?.role ?? null, "administer", asked.user?.scopes)) return;
  const message = `code of one's own runs on the server, so only an owner may ${what}`;
  const problems = paths.map((path) => ({ path, message }));
  throw new AppError(403, `${paths[0]}: ${message}`, { problems });
}

/** A model by its name or path, as a request names it at `field`. */
export function requireAllowedModel(field: string, source: string): void {
  const problems = refusalOf(field, source);
  if (problems[0]) throw new AppError(400, `${field}: ${problems[0].message}`, { problems });
}

/** Where a file or folder is that a request names at `field`. */
export function requireAllowedPath(field: string, value: string): string {
  const path = allowedPath(value);
  if (path !== null) return path;
  const problem = notAllowed(field, value);
  throw new AppError(400, `${field}: ${problem.message}`, { problems: [problem] });
}

/** Of one of several training sets, the file; what it names otherwise is looked up here. */
const fileIn = (value: unknown): unknown => (isRecord(value) ? value.file : value);

function refusalOf(path: string, value: unknown): Problem[] {
  if (typeof value !== "string" || isRegistered(value) || allowedPath(value) !== null) return [];
  return [notAllowed(path, value)];
}

function notAllowed(path: string, value: string): Problem {
  const message = `${value} is in none of the folders that requests may name: data/, ${join(dataFolder(), "models")} and those of WORKBENCH_FOLDERS. To allow its folder, start with WORKBENCH_FOLDERS=FOLDER npm start (several: with : between)`;
  return { path, message };
}

/** Names that stand for no path of the request's own. */
const isRegistered = (value: string): boolean =>
  isBundled(value) || ["base", "initial"].includes(value) || isStored(value) || value.startsWith("hub:"); // refused where models are looked up

/** Where a path leads, if a request may name it; null where it may not. */
export function allowedPath(path: string): string | null {
  const real = realPath(resolve(/* turbopackIgnore: true */ path));
  if (real === null || !isOpen(real)) return null;
  const stat = statSync(real, { throwIfNoEntry: false });
  return stat === undefined || stat.isFile() || stat.isDirectory() ? real : null;
}

/** In an allowed folder, and none of the workbench's own databases and secrets. */
function isOpen(path: string): boolean {
  const within = (folder: string) => {
    const real = realPath(folder);
    return real !== null && (path === real || path.startsWith(real.endsWith(sep) ? real : real + sep));
  };
  if (within(dataFolder())) return within(join(dataFolder(), "models")) || within(runsFolder());
  return [resolve("data"), bundledFolder, ...allowedFolders()].some(within);
}

/** The path with all links followed; the end of it may not exist yet. Null where it cannot be told. */
function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch (error) {
    const missing = ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
    if (!missing || dirname(path) === path) return null;
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return null; // it leads to nothing
    const parent = realPath(dirname(path));
    return parent && join(parent, basename(path));
  }
}
