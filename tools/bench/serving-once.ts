// Sixty-four conversations of mixed lengths answered in a fresh process, by one of the engines of trainers/serve. Prints what it took.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRandom } from "../../common/random";
import type { Message } from "../../spec/chat";
import { heldInFull } from "../../spec/fields/model";
import { loadBase } from "../../trainers/inference/frozen-policy";
import { nativeModel } from "../../trainers/models/transformer";
import { peakMemory } from "../../trainers/run/peak-memory";
import { batchedEngine } from "../../trainers/serve/batched";
import { continuousEngine } from "../../trainers/serve/continuous";
import type { Engine } from "../../trainers/serve/sequence";

const [requests, rows, context] = [64, 16, 1024];
const [mode] = process.argv.slice(2);

const { model, tokenizer } = await loadBase({ source: "smollm2-135m-instruct", dtype: "bfloat16", ...heldInFull }, []);
const native = nativeModel(model, null);
if (!native) throw new Error("the project's own ops are not there: run npm start once");
const policy = { model, adapter: null, native };
const engine: Engine =
  mode === "continuous"
    ? continuousEngine(() => policy, rows, context, native)
    : batchedEngine(() => policy, rows, context, tokenizer.pad);

const lines = readFileSync("data/samples/prompts.jsonl", "utf8").trim().split("\n");
const random = createRandom("serving");
/** From a word to a page: most answers are short, and some are long. */
const asked = Array.from({ length: requests }, (_, i) => {
  const { prompt } = JSON.parse(lines[i % lines.length]!) as { prompt: Message[] };
  const length = Math.min(384, Math.max(8, Math.round(-96 * Math.log(1 - random()))));
  return { prompt: tokenizer.conversation(prompt, true), length, stream: String(i) };
});

await Promise.all(asked.slice(0, 2).map((one) => answered({ ...one, length: 4 }))); // what a process does once
const began = performance.now();
const answers = await Promise.all(asked.map(answered));
const seconds = (performance.now() - began) / 1000;
const tokens = answers.reduce((sum, ids) => sum + ids.length, 0);
const hash = createHash("sha256").update(JSON.stringify(answers)).digest("hex");
process.stdout.write(`${JSON.stringify({ seconds, tokens, hash, peakMemory: peakMemory() })}\n`);

function answered({ prompt, length, stream }: (typeof asked)[number]): Promise<number[]> {
  const drawing = { temperature: 1, topK: null, topP: null, bias: new Map(), frequencyPenalty: 0, presencePenalty: 0 };
  return new Promise((resolve, reject) => {
    const ids: number[] = [];
    engine.submit({
      ...{ policy: "base", prompt, maxNewTokens: length, top: null, scorePrompt: false },
      drawing: { ...drawing, stream },
      token(id) {
        ids.push(id);
        return false;
      },
      ended: (_, error) => (error === undefined ? resolve(ids) : reject(error)),
    });
  });
}
