import { Command } from "commander";
import { say } from "../../common/command-line";

export const exportTrl = new Command("export-trl")
  .description("a run as a script for TRL 1.16, with its rows, their order and where its adapter starts")
  .argument("<run.json>", "the run file, see docs/run-file.md: of SFT, DPO, KTO, GRPO or a reward model")
  .argument("<folder>", "where to write train.py and what it reads")
  .action(async (file: string, folder: string) => {
    const { readRunConfig } = await import("../../common/config-file");
    const { exportTrl } = await import("../trl/export");
    const { launcherOf } = await import("../../spec/trl/distributed");
    const config = readRunConfig(file);
    const { rows, steps, notes } = await exportTrl(config, folder);
    for (const note of notes) say(note);
    const start = ["python", ...launcherOf(config), `${folder}/train.py`].join(" ");
    say(`${folder}: ${steps} steps over ${rows} rows. pip install as train.py says, then: ${start}`);
  });
