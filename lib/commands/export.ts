import { Command } from "commander";
import { choice, once, print, remotely } from "../../common/command-line";
import { type ExportName, exportFilter, exportNames } from "../datasets/snapshots/export-filter";

export interface ExportOptions {
  rows?: ExportName;
  as?: "rows" | "preview";
  minStrength?: string;
  minRaters?: string;
  minProbability?: string;
  records?: string;
}

export const exportQueue = new Command("export")
  .description("a queue's decided pairs in TRL's columns, or what --rows names")
  .argument("<queue>", "its name or its number")
  .addOption(
    choice("--rows <kind>", "pairs for other programs, people's own answers, every vote, or all pairs", exportNames),
  )
  .addOption(choice("--as <what>", "the rows, or how many there are with the first of them", ["rows", "preview"]))
  .option("--min-strength <mean>", "of preference pairs those at least so strong, up to 4", once)
  .option("--min-raters <n>", "… by at least so many annotators", once)
  .option("--min-probability <p>", "… whose label is at least so sure, up to 1", once)
  .option(
    "--records <view>",
    "… of the records that a view of the browser leaves: what stands after ? in its address",
    once,
  )
  .addOption(remotely())
  .action(
    async (name: string, { rows = "pairs", as, minStrength, minRaters, minProbability, records }: ExportOptions) => {
      const [{ summaryOf }, { exporters }, { previewOf }] = await Promise.all([
        import("../annotation/queues/queue-summaries"),
        import("../datasets/snapshots/snapshot"),
        import("../datasets/snapshots/export-counts"),
      ]);
      const { id } = summaryOf(name);
      const filter = exportFilter.parse({
        strength: minStrength,
        raters: minRaters,
        probability: minProbability,
        records,
      });
      if (as === "preview") print(previewOf(rows, id, filter));
      else process.stdout.write(exporters[rows](id, filter));
    },
  );
