import { Command } from "commander";
import { print, say } from "../../common/command-line";
import { FieldError } from "../../spec/field-error";
import type { PreflightReport } from "../../spec/reports";

const list = (value: string, previous: string[] = []) => [...previous, value];

export const preflight = new Command("preflight")
  .description("check runs before they start: problems, statistics of their data, memory")
  .argument("<run.json...>", "run files, see docs/run-file.md; of several, what they share is read once")
  .option("--later <folder>", "a folder that is yet to be trained; may be given several times", list)
  .action(async (files: string[], { later = [] }: { later?: string[] }) => {
    const { readRunConfig } = await import("../../common/config-file");
    const configs = files.map(readRunConfig);
    const [{ examine }, { readModel }, { readOnce }] = await Promise.all([
      import("../run/validate-run"),
      import("../models/load"),
      import("../run/read-once"),
    ]);
    const read = configs.length > 1 ? readOnce() : readModel;
    for (const [i, config] of configs.entries()) {
      try {
        tell(await examine(config, later, read));
      } catch (error) {
        if (!(error instanceof FieldError)) throw error;
        print({ path: error.path, message: error.message });
        say(`${files[i]}: ${error.path}: ${error.message}`);
        process.exitCode = 2;
        return;
      }
    }
  });

/** The report as one JSON object; its rows also on standard error, what is scored between brackets. */
function tell(report: PreflightReport): void {
  print(report);
  for (const { path, message } of report.odd) say(`${path}: ${message}`);
  for (const line of [...report.notes, ...report.warnings]) say(line);
  for (const row of report.examples.flat())
    say(`\n${row.map(({ text, scored }) => (scored ? `[${text}]` : text)).join("·")}`);
}
