import { Command } from "commander";
import { print, remotely } from "../../common/command-line";

export const queue = new Command("queue")
  .description("list the queues, one JSON line each")
  .addOption(remotely())
  .action(async () => {
    const { queueSummaries } = await import("../annotation/queues/queue-summaries");
    for (const one of queueSummaries()) print(one);
  });
