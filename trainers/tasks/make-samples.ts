// Remakes the sample data under data/samples, each by its name:
//   npx tsx trainers/tasks/make-samples.ts film-reviews   synthetic pairs for tiny, ranked by the gold reward, 5 % flipped
//   npx tsx trainers/tasks/make-samples.ts everyday       two SmolLM2 answers each to the prompts of prompts.jsonl, for people to rank
import { createReadStream, createWriteStream, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { gzipSync } from "node:zlib";
import { loadModel } from "../models/load";
import type { Message } from "../models/tokenizer";
import { createRandom } from "../random";
import { generate } from "../sampling";
import { goldReward, prompts } from "./reviews";

const flipRate = 0.05;

async function filmReviews(): Promise<void> {
  const { model, tokenizer } = await loadModel({ source: "tiny", dtype: "float32" });
  const random = createRandom("film reviews");
  const lines: string[] = [];
  for (const prompt of prompts()) {
    const messages = [{ role: "user", content: prompt }];
    const streams = Array.from({ length: 12 }, (_, i) => `reviews/${prompt}/${i}`);
    const ids = tokenizer.conversation(messages, true);
    const completions = generate(model, null, streams.map(() => ids), { maxNewTokens: 96, temperature: 1, eos: tokenizer.eos, pad: tokenizer.pad, streams });
    const reviews = [...new Set(completions.filter((c) => c.ended).map((c) => tokenizer.decode(c.ids).trim()))];
    lines.push(...rankedPairs(reviews, random).slice(0, 8).map(({ better, worse }) => {
      const flipped = random() < flipRate;
      const [chosen, rejected] = flipped ? [worse, better] : [better, worse];
      const answer = (content: string) => [{ role: "assistant", content }];
      return JSON.stringify({ prompt: messages, chosen: answer(chosen), rejected: answer(rejected), gold_margin: goldReward(better) - goldReward(worse), flipped });
    }));
    process.stderr.write(`\r${lines.length} pairs`);
  }
  writeFileSync("data/samples/film-reviews.jsonl.gz", gzipSync(`${lines.join("\n")}\n`, { level: 9 }));
}

/** Pairs of unequal gold reward, in random order. */
function rankedPairs(reviews: string[], random: () => number): { better: string; worse: string }[] {
  const pairs = reviews.flatMap((a, i) => reviews.slice(i + 1).map((b) => (goldReward(a) > goldReward(b) ? { better: a, worse: b } : { better: b, worse: a })));
  return pairs
    .filter(({ better, worse }) => goldReward(better) > goldReward(worse))
    .map((pair) => ({ pair, at: random() }))
    .sort((x, y) => x.at - y.at)
    .map(({ pair }) => pair);
}

async function everyday(): Promise<void> {
  const { model, tokenizer } = await loadModel({ source: "smollm2-135m-instruct", dtype: "bfloat16" });
  const wanted: { prompt: Message[]; ids: number[] }[] = [];
  for await (const line of createInterface({ input: createReadStream("data/samples/prompts.jsonl") })) {
    const { prompt } = JSON.parse(line) as { prompt: Message[] };
    wanted.push({ prompt, ids: tokenizer.conversation(prompt, true) });
  }
  const file = createWriteStream("data/samples/everyday.jsonl");
  for (let at = 0; at < wanted.length; at += 40) {
    const batch = wanted.slice(at, at + 40);
    const both = batch.flatMap(({ prompt, ids }) => [0, 1].map((sample) => ({ prompt, ids, stream: `everyday/${JSON.stringify(prompt)}/${sample}` })));
    const completions = generate(model, null, both.map((row) => row.ids), {
      maxNewTokens: 160,
      temperature: 1,
      eos: tokenizer.eos,
      pad: tokenizer.pad,
      streams: both.map((row) => row.stream),
      onToken: (done) => process.stderr.write(`\r${at} prompts, ${done} tokens`),
    });
    const texts = completions.map((c) => tokenizer.decode(c.ids).trim());
    batch.forEach(({ prompt }, i) => file.write(`${JSON.stringify({ prompt, answers: texts.slice(2 * i, 2 * i + 2), source: "SmolLM2-135M-Instruct, temperature 1" })}\n`));
  }
  file.end();
}

const makers: Record<string, () => Promise<void>> = { "film-reviews": filmReviews, everyday };
const make = makers[process.argv[2] ?? ""];
if (!make) throw new Error(`usage: npx tsx trainers/tasks/make-samples.ts ${Object.keys(makers).join(" | ")}`);
await make();
