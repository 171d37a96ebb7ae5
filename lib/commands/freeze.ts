import { Command } from "commander";
import { choice } from "../../common/command-line";
import type { FrozenRows } from "../datasets/snapshots/freezer";

const kinds: FrozenRows[] = ["pairs", "rankings", "rewrites"];

export const freeze = new Command("freeze")
  .description("write what is annotated of a queue by now to a file that its hash names, as runs train on it")
  .argument("<queue>", "its name or its number")
  .addOption(choice("--rows <kind>", "decided pairs, the same as rankings, or people's own answers", kinds))
  .action(async (name: string, { rows = "pairs" }: { rows?: FrozenRows }) => {
    const [{ summaryOf }, { writeSnapshot }] = await Promise.all([
      import("../annotation/queues/queue-summaries"),
      import("../datasets/snapshots/freezer"),
    ]);
    process.stdout.write(`${JSON.stringify(writeSnapshot(summaryOf(name).id, rows))}\n`);
  });
