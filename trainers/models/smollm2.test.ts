// The real model out of its GGUF file: weights, row order, tokenizer and template must all be right for this to be answered.
import { expect, test } from "vitest";
import { createSampler } from "../sampling";
import { loadModel } from "./load";

test.each(["float32", "bfloat16"] as const)("SmolLM2 knows the capital of France (%s)", async (dtype) => {
  const { model, tokenizer } = await loadModel({ source: "smollm2-135m-instruct", dtype });
  const prompt = tokenizer.conversation([{ role: "user", content: "What is the capital of France?" }], true);
  const [answer] = createSampler(model, null)([prompt], {
    maxNewTokens: 12,
    temperature: 0,
    eos: tokenizer.eos,
    pad: tokenizer.pad,
    streams: ["greedy"],
  });
  expect(tokenizer.decode(answer!.ids)).toContain("Paris");
  expect(answer!.ended).toBe(true);
  expect(tokenizer.pad).not.toBe(tokenizer.eos);
});
