// `npm run serving`: what continuous batching gains over a batch at a time, on 64 conversations of mixed lengths: interleaved, in fresh processes;
// and what prompt lookup gains for one, see speculation.ts. Writes tools/bench/results/serving.json; `npm run figures` puts it into docs/serve.md. Let nothing else run.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { type Served, type ServingResult, servingText } from "./serving-figures";

const rounds = 5;
const modes = ["continuous", "batch at a time"] as const;

const measured: ServingResult["rounds"] = [];
for (let round = 0; round < rounds; round++) {
  const order = round % 2 === 0 ? modes : modes.toReversed();
  const one = Object.fromEntries(order.map((mode) => [mode, once(mode)])) as Record<(typeof modes)[number], Served>;
  const [own, other] = modes.map((mode) => one[mode]) as [Served, Served];
  if (own.hash !== other.hash) throw new Error("the two wrote different tokens");
  measured.push(one);
  process.stderr.write(
    `round ${round + 1} of ${rounds}: ${own.seconds.toFixed(1)} s and ${other.seconds.toFixed(1)} s\n`,
  );
}
const result: ServingResult = { machine: cpus()[0]!.model.trim(), cores: cpus().length, rounds: measured };
writeFileSync("tools/bench/results/serving.json", `${JSON.stringify(result, null, 1)}\n`);
process.stdout.write(`${servingText(result)}\n`);
await import("./speculation");

function once(mode: string): Served {
  const script = join("tools", "bench", "serving-once.ts");
  const output = execFileSync(process.execPath, ["--import", "tsx", script, mode], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(output.trim().split("\n").at(-1)!) as Served;
}
