import { Command } from "commander";
import { print, say, wholeNumber } from "../../common/command-line";

export const judge = new Command("judge")
  .description("have an endpoint judge a queue's pairs, each in both orders, as an annotator of its own")
  .argument("<queue>", "its name or its number")
  .argument("<endpoint>", "its name or its number, see docs/judges.md")
  .option("--limit <records>", "no more than so many", wholeNumber)
  .option("--again", "also records that it has judged; it takes its earlier votes back")
  .action(async (name: string, wanted: string, { limit, again }: { limit?: number; again?: boolean }) => {
    const [{ summaryOf }, { endpointNamed }, { judgeQueue }, { annotatorNames }] = await Promise.all([
      import("../annotation/queues/queue-summaries"),
      import("../endpoints/endpoints"),
      import("../annotation/judges/judge-queue"),
      import("../people/annotator-names"),
    ]);
    const queue = summaryOf(name);
    const options = { said: say, ...(limit !== undefined && { limit }), ...(again && { again }) };
    const { judge, ...report } = await judgeQueue(queue.id, endpointNamed(wanted), options);
    print({ queue: queue.name, judge: annotatorNames().get(judge), ...report });
  });
