// Which files of a folder are a model's or an adapter's, for the Hub: a run's folder holds more.
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AppError } from "../spec/errors";

export const weightFile = /^model(-\d+-of-\d+)?\.safetensors$/;
/** Beside the weights: what a model's folder may hold that is read, or goes along with an export. */
export const companions = /^(README\.md|LICENSE[^/]*|NOTICE|[^/]+\.json|[^/]+\.jinja|merges\.txt)$/;

/** In PEFT format, a bottleneck adapter in that of the package adapters; one over a quantised base says so, a reward run's knows how its scores are spread, and a process reward model's where steps end. */
export const adapterNames = [
  "adapter_config.json",
  "adapter_model.safetensors",
  "adapter.safetensors",
  "quantization_config.json",
  "reward.json",
  "process.json",
];

/** The files of a model's or an adapter's folder, with their paths in a repository. */
export function modelFilesIn(folder: string): { path: string; content: URL }[] {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const isAdapter = names.includes(adapterNames[0]!);
  if (!isAdapter && !(names.includes("config.json") && names.some((name) => weightFile.test(name))))
    throw new AppError(
      400,
      `${folder} holds neither a model (config.json and model.safetensors) nor an adapter (adapter_config.json); a .gguf file is uploaded by hand.`,
    );
  const wanted = (name: string) =>
    isAdapter ? adapterNames.includes(name) || name === "README.md" : weightFile.test(name) || companions.test(name);
  return names.filter(wanted).map((path) => ({ path, content: pathToFileURL(join(resolve(folder), path)) }));
}
