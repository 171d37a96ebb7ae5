// Sampling from prompts that a file names by their dataset: the trainers open no database, and get them as a file.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { readGenerateConfig } from "../../common/config-file";
import { dataFile, withVersion } from "../datasets/data-files";

/** The same settings with `snapshot:ID` and `labelled:ID` as a path: a file that is there until the program ends. */
export async function withPromptFile(file: string): Promise<string> {
  const config = readGenerateConfig(file);
  const prompts = dataFile(await withVersion(config.prompts));
  if (prompts === config.prompts) return file;
  const folder = mkdtempSync(join(tmpdir(), "workbench-prompts-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const whole = join(folder, basename(file));
  writeFileSync(whole, JSON.stringify({ ...config, prompts }));
  return whole;
}
