import { Command } from "commander";
import { choice } from "../../common/command-line";
import type { exporters } from "../datasets/snapshots/snapshot";

type Rows = keyof typeof exporters;

export const rowKinds: Rows[] = [
  "pairs",
  "kto",
  "llama-factory",
  "llama-factory-info",
  "csv",
  "parquet",
  "card",
  "rewrites",
  "events",
  "items",
];

export const exportQueue = new Command("export")
  .description("a queue's decided pairs in TRL's columns, or what --rows names")
  .argument("<queue>", "its name or its number")
  .addOption(
    choice("--rows <kind>", "pairs for other programs, people's own answers, every vote, or all pairs", rowKinds),
  )
  .action(async (name: string, { rows = "pairs" }: { rows?: Rows }) => {
    const [{ summaryOf }, { exporters }] = await Promise.all([
      import("../annotation/queues/queue-summaries"),
      import("../datasets/snapshots/snapshot"),
    ]);
    process.stdout.write(exporters[rows](summaryOf(name).id));
  });
