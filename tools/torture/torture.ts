// `npm run torture [-- NAME…] [--scale S] [--seed N]`: faults done to the real product, very often. Adds to tools/torture/results/NAME.json, from
// which `npm run figures` makes docs/torture.md: runs with other seeds add up, of two with the same seed the larger one stays. Ctrl-C ends an
// experiment with what it has done so far, a second one at once. All at full size take a day.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Experiment, Result, Run } from "./experiment";
import { experiments } from "./experiments";
import { resultsFolder } from "./table";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { scale: { type: "string", default: "1" }, seed: { type: "string", default: "1" } },
});
const [scale, seed] = [Number(values.scale), Number(values.seed)];
const names = Object.keys(experiments);
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`no experiment ${unknown.join(", ")}; there are ${names.join(", ")}`);
if (!(scale > 0)) throw new Error(`--scale is ${values.scale}; give the share of the full size, as 0.01`);

process.setMaxListeners(0); // each server that is started is to end with this process
const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"])
  process.on(name, () => {
    if (stop.signal.aborted) process.exit(1);
    stop.abort();
  });

for (const name of positionals.length > 0 ? positionals : names) {
  if (stop.signal.aborted) break;
  const experiment = await experiments[name]!();
  const done = await perform(experiment, Math.max(1, Math.round(scale * experiment.size)));
  process.stdout.write(`${JSON.stringify(done, null, 2)}\n`);
  if (done.failures.length > 0) process.exitCode = 1;
  keep(experiment, done);
}

function keep({ run: _, size: asked, ...about }: Experiment, done: Run): void {
  const path = join(resultsFolder, `${about.name}.json`);
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Result).runs : [];
  const [others, same] = [kept.filter(({ seed }) => seed !== done.seed), kept.find(({ seed }) => seed === done.seed)];
  if (same && same.ran > done.ran) return;
  const result: Result = { ...about, asked, runs: [...others, done].sort((a, b) => a.seed - b.seed) };
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
}

async function perform({ run, ...about }: Experiment, size: number): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "workbench-torture-"));
  const say = (text: string) => void process.stderr.write(`${about.name}: ${text}\n`);
  const began = Date.now();
  const outcome = await run({ size, seed, folder, signal: stop.signal, say }).catch((error: unknown) => {
    say(`it broke off; its folder is ${folder}`);
    throw error;
  });
  if (outcome.failures.length === 0) rmSync(folder, { recursive: true, force: true });
  else say(`${outcome.failures.length} failures; its folder is kept: ${folder}`);
  const machine = {
    machine: cpus()[0]!.model.trim(),
    cores: cpus().length,
    date: new Date().toISOString().slice(0, 10),
  };
  return { seed, ...machine, seconds: Math.round((Date.now() - began) / 1000), ...outcome };
}
