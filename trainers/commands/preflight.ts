import { Command } from "commander";
import { print, say } from "../../common/command-line";
import { FieldError } from "../../spec/field-error";
import type { PreflightReport } from "../../spec/reports";

const list = (value: string, previous: string[] = []) => [...previous, value];

export const preflight = new Command("preflight")
  .description("check a run before it starts: problems, statistics of its data, memory")
  .argument("<run.json>", "the run file, see docs/run-file.md")
  .option("--later <folder>", "a folder that is yet to be trained; may be given several times", list)
  .action(async (file: string, { later = [] }: { later?: string[] }) => {
    const { readRunConfig } = await import("../../common/config-file");
    const config = readRunConfig(file);
    const { examine } = await import("../run/validate-run");
    try {
      tell(await examine(config, later));
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      print({ path: error.path, message: error.message });
      say(`${file}: ${error.path}: ${error.message}`);
      process.exitCode = 2;
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
