// `npm run bench -- long-rows`: what attention takes as rows grow, in one layer of SmolLM2's shape: plain, and in blocks.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { processorName } from "../../common/processor";
import type { LongRowsResult } from "./long-rows-figures";

/** Probabilities kept for the backward pass, computed again as a whole, or in blocks. */
export type Way = "kept" | "again" | "blocked";

export const layer = { heads: 9, keyHeads: 3, size: 64 };
const ways: Way[] = ["kept", "again", "blocked"];
const lengths = [128, 512, 1024, 2048, 4096];

export function longRows(): void {
  const result: LongRowsResult = {
    machine: processorName(),
    cores: cpus().length,
    layer: lengths.map((tokens) => ({
      tokens,
      ways: Object.fromEntries(ways.map((way) => [way, inItsOwnProcess(way, tokens)])),
    })),
  };
  writeFileSync("tools/bench/results/long-rows.json", `${JSON.stringify(result, null, 1)}\n`);
}

function inItsOwnProcess(way: Way, tokens: number): { peak: number; seconds: number } {
  const words = ["--import", "tsx", "tools/bench/long-row.ts", way, String(tokens)];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${way} ${tokens} ended with status ${status}: ${stderr.slice(-2000)}`);
  process.stderr.write(`${way} ${tokens}: ${stdout}\n`);
  return JSON.parse(stdout);
}
