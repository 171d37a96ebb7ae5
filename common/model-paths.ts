// Where models are, by name. No tfjs in here: the web process asks too.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheFolder } from "./env";

/** Where models are kept that were fetched. */
export const bundledFolder = join(cacheFolder(), "models");

/** Models that come with the workbench: where they are, and how to get them where they are not. */
const bundled: Record<string, { path: string; get: string }> = {
  tiny: { path: join("data", "tiny"), get: "it belongs to the repository; restore data/tiny with git" },
  "smollm2-135m-instruct": {
    path: join(bundledFolder, "smollm2-135m-instruct.gguf"),
    get: "fetch it with: npm run workbench -- fetch smollm2-135m-instruct",
  },
};

export const isBundled = (source: string): boolean => Object.hasOwn(bundled, source);

/** The path behind a model's name. Throws with what to do where nothing is there. */
export function modelPath(source: string): string {
  if (source.startsWith("hub:"))
    throw new Error(
      `model ${source}: downloading from the hub is not supported yet; give a folder in Hugging Face layout or a .gguf file`,
    );
  const known = isBundled(source) ? bundled[source] : undefined;
  const path = known?.path ?? resolve(/* turbopackIgnore: true */ source);
  if (!existsSync(path))
    throw new Error(
      `model ${source} is not at ${path}; ${known?.get ?? "give a folder in Hugging Face layout or a .gguf file"}`,
    );
  return path;
}
