import { Command } from "commander";
import { print, Refusal } from "../../common/command-line";

/** What a model is asked that has a chat template, and what one without goes on with. */
const [question, beginning] = ["Introduce yourself in one sentence.", "Once upon a time"];

export const tryModel = new Command("try-model")
  .description("the first words of a model's greedy answer, which shows that its weights, tokenizer and template fit")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .action(async (source: string) => {
    const [{ loadModel }, { createSampler }] = await Promise.all([
      import("../models/load"),
      import("../inference/sampling"),
    ]);
    try {
      const { model, tokenizer } = await loadModel({ source, dtype: "float32" });
      const { ends, pad, template } = tokenizer;
      const prompt = template
        ? tokenizer.conversation([{ role: "user", content: question }], true)
        : tokenizer.document(beginning);
      const options = { maxNewTokens: 24, temperature: 0, ends, pad, streams: ["0"] };
      const [answer] = createSampler(model, null)([prompt], options);
      print({ says: tokenizer.decode(answer!.ids).trim() });
    } catch (error) {
      throw new Refusal(error instanceof Error ? error.message : String(error), { cause: error });
    }
  });
