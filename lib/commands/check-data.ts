import { Command } from "commander";
import { print } from "../../common/command-line";

export const checkData = new Command("check-data")
  .description("find duplicates, contradictory labels, leakage and private data in a queue")
  .argument("<queue>", "its name or its number")
  .action(async (name: string) => {
    const [{ summaryOf }, { diagnose }] = await Promise.all([
      import("../annotation/queues/queue-summaries"),
      import("../annotation/data-checks/queue-data-checks"),
    ]);
    print(diagnose(summaryOf(name).id));
  });
