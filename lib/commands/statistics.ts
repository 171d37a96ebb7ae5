import { Command } from "commander";

export const statistics = new Command("statistics")
  .description("a queue's inter-annotator agreement and model ratings, as JSON")
  .argument("<queue>", "its name or its number")
  .action(async (name: string) => {
    const [{ summaryOf }, { asText, statisticsOf }] = await Promise.all([
      import("../annotation/queues/queue-summaries"),
      import("../annotation/queues/queue-statistics"),
    ]);
    process.stdout.write(`${asText(statisticsOf(summaryOf(name).id))}\n`);
  });
