import { Command } from "commander";
import { print, say } from "../../common/command-line";

export const pairs = new Command("pairs")
  .description("sample two responses or more per prompt, by one policy or two, into a queue")
  .argument("<gen.json>", "model, adapters, prompts and how to sample, see docs/run-file.md")
  .argument("<queue>", "its name; made where there is none")
  .action(async (file: string, name: string) => {
    const [{ z }, { trainersLines }, { withPromptFile }, { queueNamed }, { addItems, sampleRow }, { retryOnBusy }] =
      await Promise.all([
        import("zod"),
        import("./trainers"),
        import("./prompt-file"),
        import("../annotation/queues/new-queue"),
        import("../annotation/items/items"),
        import("../db/busy"),
      ]);
    const batch = z.object({ pairs: z.array(sampleRow), done: z.int(), total: z.int() });
    let [added, written] = [0, 0];
    // the same file again writes the same answers, of which the queue keeps one
    for await (const line of trainersLines(["generate-pairs", await withPromptFile(file)])) {
      const { pairs, done, total } = batch.parse(line);
      written += pairs.length;
      added += retryOnBusy(() => addItems(queueNamed(name, Date.now()), pairs));
      say(`${done} of ${total} prompts, ${added} new pairs`);
    }
    print({ queue: name, added, duplicates: written - added });
  });
