// Remakes the sample data under data/samples, each by its name:
//   npx tsx tools/makers/make-samples.ts film-reviews   synthetic pairs for tiny, ranked by the oracle reward, 5 % flipped
//   npx tsx tools/makers/make-samples.ts tasks          prompts of the other synthetic tasks, each with its best answer
//   npx tsx tools/makers/make-samples.ts everyday       two SmolLM2 answers each to the prompts of prompts.jsonl, for people to rank

import { createReadStream, createWriteStream, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { gzipSync } from "node:zlib";
import { createRandom } from "../../common/random";
import type { Message } from "../../spec/chat";
import { createSampler } from "../../trainers/inference/sampling";
import { loadModel } from "../../trainers/models/load";
import { arithmeticAnswer, arithmeticExpression, arithmeticPrompt } from "../../trainers/rewards/gold/arithmetic";
import { goldReward, prompts } from "../../trainers/rewards/gold/reviews";
import { sortingAnswer, sortingPrompt } from "../../trainers/rewards/gold/sorting";
import { stringAnswer, stringPrompts } from "../../trainers/rewards/gold/strings";

const flipRate = 0.05;
const leastMargin = 2;

async function filmReviews(): Promise<void> {
  const { model, tokenizer } = await loadModel({ source: "tiny", dtype: "float32" });
  const sampler = createSampler(model, null);
  const random = createRandom("film reviews");
  const lines: string[] = [];
  const all = prompts();
  for (let at = 0; at < all.length; at += 12) {
    const wanted = all
      .slice(at, at + 12)
      .flatMap((prompt) => Array.from({ length: 12 }, (_, i) => ({ prompt, stream: `reviews/${prompt}/${i}` })));
    const completions = sampler(
      wanted.map(({ prompt }) => tokenizer.conversation(asked(prompt), true)),
      {
        maxNewTokens: 96,
        temperature: 1,
        ends: tokenizer.ends,
        pad: tokenizer.pad,
        streams: wanted.map((row) => row.stream),
      },
    );
    for (const prompt of all.slice(at, at + 12)) {
      const own = completions.filter((completion, i) => completion.ended && wanted[i]!.prompt === prompt);
      const reviews = [...new Set(own.map((completion) => tokenizer.decode(completion.ids).trim()))];
      for (const { better, worse } of rankedPairs(reviews, random).slice(0, 8)) {
        const flipped = random() < flipRate;
        const [chosen, rejected] = flipped ? [worse, better] : [better, worse];
        const answer = (content: string) => [{ role: "assistant", content }];
        lines.push(
          JSON.stringify({
            prompt: asked(prompt),
            chosen: answer(chosen),
            rejected: answer(rejected),
            gold_margin: goldReward(better) - goldReward(worse),
            flipped,
          }),
        );
      }
    }
    process.stderr.write(`\r${lines.length} pairs`);
  }
  writeFileSync("data/samples/film-reviews.jsonl.gz", gzipSync(`${lines.join("\n")}\n`, { level: 9 }));
}

const asked = (prompt: string) => [{ role: "user", content: prompt }];

/** Pairs whose oracle rewards lie at least `leastMargin` apart, in random order. */
function rankedPairs(reviews: string[], random: () => number): { better: string; worse: string }[] {
  const pairs = reviews.flatMap((a, i) =>
    reviews
      .slice(i + 1)
      .map((b) => (goldReward(a) > goldReward(b) ? { better: a, worse: b } : { better: b, worse: a })),
  );
  return pairs
    .filter(({ better, worse }) => goldReward(better) - goldReward(worse) >= leastMargin)
    .map((pair) => ({ pair, at: random() }))
    .sort((x, y) => x.at - y.at)
    .map(({ pair }) => pair);
}

async function everyday(): Promise<void> {
  const { model, tokenizer } = await loadModel({ source: "smollm2-135m-instruct", dtype: "bfloat16" });
  const sampler = createSampler(model, null);
  const wanted: { prompt: Message[]; ids: number[] }[] = [];
  for await (const line of createInterface({ input: createReadStream("data/samples/prompts.jsonl") })) {
    const { prompt } = JSON.parse(line) as { prompt: Message[] };
    wanted.push({ prompt, ids: tokenizer.conversation(prompt, true) });
  }
  const file = createWriteStream("data/samples/everyday.jsonl");
  for (let at = 0; at < wanted.length; at += 40) {
    const batch = wanted.slice(at, at + 40);
    const both = batch.flatMap(({ prompt, ids }) =>
      [0, 1].map((sample) => ({ prompt, ids, stream: `everyday/${JSON.stringify(prompt)}/${sample}` })),
    );
    const completions = sampler(
      both.map((row) => row.ids),
      {
        maxNewTokens: 160,
        temperature: 1,
        ends: tokenizer.ends,
        pad: tokenizer.pad,
        streams: both.map((row) => row.stream),
        onToken: (done) => process.stderr.write(`\r${at} prompts, ${done} tokens`),
      },
    );
    const texts = completions.map((c) => tokenizer.decode(c.ids).trim());
    for (const [i, { prompt }] of batch.entries()) {
      const answers = texts.slice(2 * i, 2 * i + 2);
      file.write(`${JSON.stringify({ prompt, answers, source: "SmolLM2-135M-Instruct, temperature 1" })}\n`);
    }
  }
  file.end();
}

async function tasks(): Promise<void> {
  const random = createRandom("synthetic tasks");
  const expressions = different(400, () => arithmeticExpression(random));
  const arithmetic = expressions.map((one) => ({ prompt: arithmeticPrompt(one), answer: arithmeticAnswer(one) }));
  const strings = stringPrompts().map((prompt) => ({ prompt, answer: stringAnswer(prompt)! }));
  const lists = different(400, () => sortingPrompt(random));
  const sorting = lists.map((prompt) => ({ prompt, answer: sortingAnswer(prompt)! }));
  for (const [name, rows] of Object.entries({ arithmetic, strings, sorting })) {
    const lines = rows.map(({ prompt, answer }) =>
      JSON.stringify({ prompt: asked(prompt), completion: [{ role: "assistant", content: answer }], answer }),
    );
    writeFileSync(`data/samples/${name}.jsonl.gz`, gzipSync(`${lines.join("\n")}\n`, { level: 9 }));
  }
}

/** So many that differ. */
function different(count: number, make: () => string): string[] {
  const found = new Set<string>();
  while (found.size < count) found.add(make());
  return [...found];
}

const makers: Record<string, () => Promise<void>> = { "film-reviews": filmReviews, everyday, tasks };
const make = makers[process.argv[2] ?? ""];
if (!make) throw new Error(`usage: npx tsx tools/makers/make-samples.ts ${Object.keys(makers).join(" | ")}`);
await make();
