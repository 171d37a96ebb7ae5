import { Command } from "commander";
import { choice, print, say } from "../../common/command-line";
import { isAlone, type Question, questionOf, questions } from "../../spec/queue-options";

export const pairs = new Command("pairs")
  .description("sample responses per prompt, two or more where they are compared, by one policy or two, into a queue")
  .argument("<gen.json>", "model, adapters, prompts and how to sample, see docs/run-file.md")
  .argument("<queue>", "its name; made where there is none")
  .addOption(
    choice(
      "--question <what>",
      "to compare them, to judge each answer as good or bad, or to name its first wrong step; usual is what the queue asks",
      questions,
    ),
  )
  .action(async (file: string, name: string, { question }: { question?: Question }) => {
    const [
      { z },
      { trainersLines },
      { withPromptFile },
      { queueCalled, queueNamed },
      { addItems, answersAlone, sampleRow },
      { retryOnBusy },
    ] = await Promise.all([
      import("zod"),
      import("./trainers"),
      import("./prompt-file"),
      import("../annotation/queues/new-queue"),
      import("../annotation/items/items"),
      import("../db/busy"),
    ]);
    const batch = z.object({ pairs: z.array(sampleRow), done: z.int(), total: z.int() });
    const asked = question ?? questionOf(queueCalled(name)?.mode ?? "scale");
    const single = isAlone(asked);
    let [added, written] = [0, 0];
    // the same file again writes the same answers, of which the queue keeps one
    const wanted = ["generate-pairs", await withPromptFile(file), ...(single ? ["--single"] : [])];
    for await (const line of trainersLines(wanted)) {
      const { pairs, done, total } = batch.parse(line);
      const records = single ? pairs.flatMap(answersAlone) : pairs;
      written += records.length;
      added += retryOnBusy(() => addItems(queueNamed(name, Date.now(), asked), records));
      say(`${done} of ${total} prompts, ${added} new ${single ? "answers" : "pairs"}`);
    }
    print({ queue: name, added, duplicates: written - added });
  });
