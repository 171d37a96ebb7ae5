import { Command } from "commander";
import { choice, say, wholeNumber } from "../../common/command-line";
import type { RunConfig } from "../../spec/config";

interface Options {
  gpus?: number;
  zeroStage?: "0" | "1" | "2" | "3";
  offload?: boolean;
}

export const exportOpenRlhf = new Command("export-openrlhf")
  .description("a run as a command of OpenRLHF 0.11.2, with its rows in OpenRLHF's formats")
  .argument(
    "<run.json>",
    "the run file, see docs/run-file.md: of SFT, DPO, a reward model, PPO, GRPO, RLOO or REINFORCE++",
  )
  .argument("<folder>", "where to write train.sh and what it reads")
  .option("--gpus <number>", "how many GPUs of a machine it is to train on (1)", wholeNumber)
  .addOption(choice("--zero-stage <stage>", "what DeepSpeed divides among them (0: nothing)", ["0", "1", "2", "3"]))
  .option("--offload", "the optimizer's states in the machine's memory, from ZeRO stage 1 on")
  .action(async (file: string, folder: string, options: Options) => {
    const { readRunConfig } = await import("../../common/config-file");
    const { exportOpenRlhf } = await import("../openrlhf/export");
    const { rows, steps, notes } = await exportOpenRlhf(
      { ...readRunConfig(file), distributed: onGpus(options) },
      folder,
    );
    for (const note of notes) say(note);
    say(`${folder}: ${steps} steps over ${rows} rows. pip install as train.sh says, then: ${folder}/train.sh`);
  });

/** A run's own engine trains in one process; OpenRLHF is there for more. */
const onGpus = ({ gpus = 1, zeroStage = "0", offload = false }: Options): RunConfig["distributed"] => ({
  processes: gpus,
  zeroStage: Number(zeroStage),
  offload: offload ? "cpu" : "none",
});
