import { Command } from "commander";
import { againstOption } from "./against-option";
import { type CheckOptions, check, webRulesOption } from "./check-options";

export const checkData = new Command("check-data")
  .description("find duplicates, contradictory labels, leakage and private data in a queue, for its page to show")
  .argument("<queue>", "its name or its number")
  .addOption(againstOption())
  .addOption(webRulesOption())
  .action(async (name: string, options: CheckOptions) => {
    const [{ summaryOf }, { recordsToCheck }] = await Promise.all([
      import("../annotation/queues/queue-summaries"),
      import("../annotation/data-checks/records-to-check"),
    ]);
    await check(recordsToCheck(summaryOf(name).id), options);
  });
