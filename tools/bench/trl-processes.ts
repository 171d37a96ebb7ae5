// `npm run trl-processes`: runs by TRL in two processes (data parallelism, ZeRO stages 1 to 3, with and without offloading) against the same run in
// one: losses of all steps, and those of held-out rows where these are means over rows, within 1e-5, in bfloat16 within its rounding. So is a run whose process was killed, which has to
// fail with its reason, once it is resumed; and one that was stopped and resumed. Writes tools/bench/results/trl-processes.json. Installs TRL and DeepSpeed on first use.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { checkpointsIn } from "../../common/checkpoints";
import { eventsFile } from "../../spec/events";
import { deepspeedPackage } from "../../spec/trl/script";
import { command, python } from "./prepare";
import { type Curves, compare, curvesOf, keep, prepared, start, stoppedAndResumed, trained } from "./trl-runs";

if (spawnSync(python, ["-c", "import deepspeed"]).status !== 0)
  command(python, ["-m", "pip", "install", "--quiet", deepspeedPackage]);

const inTwo = (zeroStage = 0, offload = "none") => ({ distributed: { processes: 2, zeroStage, offload } });
/** Held-out losses of SFT are means over the tokens of a batch: those of other batches differ. */
const steps = ({ loss }: Curves): Curves => ({ loss: loss! });

for (const [method, more] of [
  ["sft", {}],
  ["reward", {}],
  ["kto", { kto: { lossType: "apo_zero_unpaired" } }],
] as const) {
  const [one, two] = [await trained(method, "trl", more), await trained(method, "trl", { ...more, ...inTwo() })];
  const isSft = method === "sft";
  compare(`${method} by TRL, one process and two`, isSft ? steps(one) : one, isSft ? steps(two) : two);
}
const one = await trained("dpo", "trl");
for (const [name, more] of [
  ["two processes", inTwo()],
  ["ZeRO 1", inTwo(1)],
  ["ZeRO 2", inTwo(2)],
  ["ZeRO 3", inTwo(3)],
  ["ZeRO 2, offloaded", inTwo(2, "cpu")],
  ["ZeRO 3, offloaded", inTwo(3, "cpu")],
  ["ZeRO 3, every weight", { ...inTwo(3), adapter: null }],
] as const)
  compare(
    `dpo by TRL, one process and ${name}`,
    "adapter" in more ? await trained("dpo", "trl", { adapter: null }) : one,
    await trained("dpo", "trl", more),
  );

// Losses of about 0.7 are rounded by up to 2⁻⁹ in bfloat16, and DeepSpeed rounds the adapter too.
const bfloat16 = { model: { source: "data/golden/trajectories/model", dtype: "bfloat16" } };
const rounded = await trained("dpo", "trl", bfloat16);
for (const zeroStage of [0, 2, 3]) {
  const two = await trained("dpo", "trl", { ...bfloat16, ...inTwo(zeroStage) });
  compare(`dpo by TRL in bfloat16, one process and two, ZeRO ${zeroStage}`, rounded, two, 2 ** -8);
}

const longer = { maxSteps: 96 };
const whole = await trained("dpo", "trl", longer);
compare(
  "dpo by TRL, one process, and two that were killed and resumed",
  whole,
  await killedAndResumed({ ...longer, ...inTwo() }),
);
compare(
  "dpo by TRL, one process, and ZeRO 2 stopped and resumed",
  whole,
  await stoppedAndResumed("dpo", { ...longer, ...inTwo(2) }),
);
keep("trl-processes");

/** One of its processes is killed once the run has saved. */
async function killedAndResumed(more: object): Promise<Curves> {
  const folder = prepared("dpo", "trl", more);
  const first = start(folder, 1, "trl");
  while (checkpointsIn(folder).length === 0 && first.exitCode === null) await wait(20);
  spawnSync("pkill", ["-KILL", "-o", "-f", `^${python} ${join(folder, "trl", "train.py")}`]);
  await once(first, "close");
  const last = readFileSync(join(folder, eventsFile(1)), "utf8")
    .trim()
    .split("\n")
    .at(-1)!;
  console.log(`killed: ${last}`);
  if (!last.includes("was ended by SIGKILL")) throw new Error("the run does not say that a process was killed");
  await once(start(folder, 2, "trl"), "close");
  return curvesOf(folder);
}
