// Where models are, by name. No tfjs in here: the web process asks too.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { bundledModel } from "../spec/models";
import { cacheFolder } from "./env";
import { hubFolder, hubModel } from "./hub-models";

/** Where models are kept that were fetched. */
export const bundledFolder = join(cacheFolder(), "models");

export const isBundled = (source: string): boolean => bundledModel(source) !== null;

/** The path behind a model's name. Throws with what to do where nothing is there. */
export function modelPath(source: string): string {
  if (source.startsWith("hub:")) return hubPath(source);
  const { path, missing } = whereIs(source);
  if (!existsSync(path)) throw new Error(`model ${source} is not at ${path}; ${missing}`);
  return path;
}

/** Where a policy lies that a run file names: a model by its name, or a folder, which may be yet to come. */
export const policyPath = (source: string): string =>
  source.startsWith("hub:") || isBundled(source) ? modelPath(source) : source;

function hubPath(source: string): string {
  const model = hubModel(source);
  if (!model)
    throw new Error(`model ${source} is no id of the Hub; hub:owner/name or hub:owner/name@revision is expected`);
  const folder = hubFolder(model);
  if (folder === null)
    throw new Error(
      `model ${source} has not been fetched; add it on the page Models, or with: npm run workbench -- model add ${source}`,
    );
  return folder;
}

/** Where a model should be, and what to do where it is not. */
function whereIs(source: string): { path: string; missing: string } {
  const file = bundledModel(source)?.file;
  if (!file)
    return {
      path: resolve(/* turbopackIgnore: true */ source),
      missing: "give a folder in Hugging Face layout or a .gguf file",
    };
  if ("repository" in file)
    return {
      path: file.repository,
      missing: `it belongs to the repository; restore ${file.repository} with git`,
    };
  return {
    path: join(bundledFolder, file.download),
    missing: `fetch it with: npm run workbench -- fetch ${source}`,
  };
}
