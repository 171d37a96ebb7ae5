// `npm run bench [-- WORKLOAD…] [--rounds N]`: ours and the peers on identical ids, interleaved in fresh processes (A B C, C B A, …).
// Each round is added to tools/bench/results/PROCESSOR/WORKLOAD.json; `npm run figures` makes the docs from it. Leave the machine alone.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { processorName } from "../../common/processor";
import { jobsOf } from "./jobs";
import { type Job, type Measured, measure } from "./measure";
import { preparePeers, scratch } from "./prepare";
import { type Result, resultFolder } from "./results";
import { secondsOf } from "./statistics";
import { type Workload, workloads } from "./workloads";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "4" } },
});
if (positionals[0] === "precision") {
  await (await import("./precision")).precision();
  process.exit(0);
}
if (positionals[0] === "int8") {
  await (await import("./int8")).int8();
  process.exit(0);
}
if (positionals[0] === "large-model") {
  await (await import("./large-model")).largeModel();
  process.exit(0);
}
if (positionals[0] === "long-rows") {
  (await import("./long-rows")).longRows();
  process.exit(0);
}
const unknown = positionals.filter((id) => !workloads.some((workload) => workload.id.startsWith(id)));
if (unknown.length > 0)
  throw new Error(`no workload ${unknown}; there are ${workloads.map(({ id }) => id).join(", ")}`);
const chosen = workloads.filter(
  ({ id }) => positionals.length === 0 || positionals.some((start) => id.startsWith(start)),
);

mkdirSync(scratch, { recursive: true });
if (chosen.some(({ ways }) => ways.some(({ who }) => who !== "ours"))) preparePeers();
for (const workload of chosen) {
  const jobs = await jobsOf(workload);
  for (let round = 0; round < Number(values.rounds); round++) {
    const order = round % 2 === 0 ? jobs : jobs.toReversed();
    const measured: Result["rounds"][number] = {};
    for (const job of order) {
      const one = measureOrSay(job);
      if (!one) continue;
      measured[job.way.id] = one;
      const { seconds, peak, losses } = one;
      process.stderr.write(
        `${workload.id} round ${round + 1}: ${job.way.id.padEnd(28)} ${secondsOf(workload, seconds).toFixed(2)} s, ${(peak / 1e9).toFixed(2)} GB, losses ${losses.slice(0, 3).map((loss) => loss.toFixed(5))}\n`,
      );
    }
    save(workload, measured);
  }
}

/** A program for serving that does not run on this processor is left out of the tables; nobody else may fail. */
function measureOrSay(job: Job): Measured | null {
  try {
    return measure(job);
  } catch (error) {
    if (job.way.who !== "genai" && job.way.who !== "llamacpp") throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return null;
  }
}

function save(workload: Workload, round: Result["rounds"][number]): void {
  const machine = processorName();
  const folder = resultFolder(machine);
  const path = join(folder, `${workload.id}.json`);
  mkdirSync(folder, { recursive: true });
  const earlier = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Result) : undefined;
  const same = JSON.stringify(earlier?.workload) === JSON.stringify(workload);
  const result: Result = {
    workload,
    machine,
    cores: cpus().length,
    rounds: [...(same ? earlier!.rounds : []), round],
  };
  writeFileSync(path, `${JSON.stringify(result, null, 1)}\n`);
}
