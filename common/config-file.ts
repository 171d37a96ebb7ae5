// The files that commands are given: every problem of one is named at its field.
import { readFileSync } from "node:fs";
import type { z } from "zod";
import { chatConfig, generateConfig, problems, runConfig, stepPairsConfig, treePairsConfig } from "../spec/config";
import { Refusal } from "./command-line";

export const readRunConfig = (path: string) => read(path, runConfig);
export const readGenerateConfig = (path: string) => read(path, generateConfig);
export const readStepPairsConfig = (path: string) => read(path, stepPairsConfig);
export const readTreePairsConfig = (path: string) => read(path, treePairsConfig);
export const readChatConfig = (path: string) => read(path, chatConfig);

function read<T>(path: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(json(path));
  if (parsed.success) return parsed.data;
  const lines = problems(parsed.error).map((problem) => `${path}: ${problem}`);
  throw new Refusal(lines.join("\n"));
}

function json(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Refusal(`${path}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
