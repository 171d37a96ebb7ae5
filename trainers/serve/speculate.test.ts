// What is written with proposals is what is written without them.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createRandom } from "../../common/random";
import { heldInFull } from "../../spec/fields/model";
import { writeStart } from "../../test/family-models";
import { tf } from "../engine/tensorflow";
import { loadBase } from "../inference/frozen-policy";
import { causal } from "../inference/segments";
import { logits, nativeModel, transformer } from "../models/transformer";
import { continuousEngine } from "./continuous";
import type { Speculation } from "./proposals";
import type { Drawing, Engine, TokenLogProb } from "./sequence";
import { loadServed } from "./served";
import { lookAhead, type Propose, promptLookup } from "./speculate";

const folder = mkdtempSync(join(tmpdir(), "workbench-speculate-"));
const adapter = join(folder, "adapter");
beforeAll(() => writeStart(adapter, JSON.parse(readFileSync("data/tiny/config.json", "utf8")), false));
afterAll(() => rmSync(folder, { recursive: true }));

const tiny = { source: "tiny", dtype: "float32" as const, ...heldInFull };
const serving = async (speculation: Speculation): Promise<Engine> =>
  (await loadServed({ model: tiny, policies: new Map([["tuned", adapter]]), rows: 3, context: 256, speculation }))
    .engine;

const plain = { temperature: 1, topK: null, topP: null, bias: new Map(), frequencyPenalty: 0, presencePenalty: 0 };
interface Asked {
  policy: string;
  prompt: number[];
  maxNewTokens: number;
  drawing: Drawing;
}

const written = (engine: Engine, asked: Asked, top: number | null = null, last = -1) =>
  new Promise<{ ids: number[]; scored: (TokenLogProb | null)[] }>((resolve, reject) => {
    const [ids, scored]: [number[], (TokenLogProb | null)[]] = [[], []];
    engine.submit({
      ...{ ...asked, top, scorePrompt: false },
      token(id, told) {
        ids.push(id);
        scored.push(told);
        return id === last;
      },
      ended: (_, error) => (error === undefined ? resolve({ ids, scored }) : reject(error)),
    });
  });

const random = createRandom("speculation");
const phrase = Array.from({ length: 20 }, () => 4 + Math.floor(500 * random()));
const ways: [string, Partial<Drawing>][] = [
  ["greedily", { temperature: 0 }],
  ["drawn", {}],
  ["drawn from few", { topK: 3 }],
  ["drawn from the likeliest", { topP: 0.5, temperature: 0.7 }],
  ["with penalties", { temperature: 0, frequencyPenalty: 0.4, presencePenalty: 0.3, bias: new Map([[phrase[0]!, 3]]) }],
];
const asked = ways.flatMap(([name, drawing]) =>
  ["tiny", "tuned"].map((policy): Asked => {
    const prompt = [...phrase, ...phrase.slice(0, 5 + (name.length % 7))];
    return { policy, prompt, maxNewTokens: 30, drawing: { ...plain, ...drawing, stream: name } };
  }),
);

test.each<[string, Speculation]>([
  ["what the prompt has", { promptLookup: 5 }],
  ["a draft that is the model itself", { draft: { source: "tiny", tokens: 3 } }],
  ["both, far ahead", { promptLookup: 40, draft: { source: "tiny", tokens: 12 } }],
])(
  "with %s proposed, every answer has the same tokens and log-probabilities, one after another and at once",
  async (_, speculation) => {
    const [without, with_] = [await serving({}), await serving(speculation)];
    for (const one of asked) {
      const [own, plainly] = [await written(with_, one, 2), await written(without, one, 2)];
      expect(own.ids, one.drawing.stream).toEqual(plainly.ids);
      own.scored.forEach((told, i) => {
        expect(told!.logProb).toBeCloseTo(plainly.scored[i]!.logProb, 4);
      });
    }
    const { proposedTokens, acceptedTokens, answerTokens } = with_.counts();
    expect(acceptedTokens).toBeGreaterThan(0);
    expect(acceptedTokens).toBeLessThan(proposedTokens); // both ways of going on have been gone
    expect(answerTokens).toBe(without.counts().answerTokens);
    expect(without.counts().proposedTokens).toBe(0);
    const [together, alone] = [with_, without].map((engine) => Promise.all(asked.map((one) => written(engine, one))));
    expect(await together).toEqual(await alone);
  },
);

test("a draft that is the model itself is always right where the likeliest token is taken", async () => {
  const engine = await serving({ draft: { source: "tiny", tokens: 3 } });
  await written(engine, { ...asked[0]!, maxNewTokens: 40 });
  const { proposedTokens, acceptedTokens } = engine.counts();
  // a first token by itself, 9 times 3 proposed and one drawn after them, and 2 with one after them
  expect([proposedTokens, acceptedTokens]).toEqual([29, 29]);
});

test("an answer that ends among what was accepted ends there, and the next turn goes on from what is computed", async () => {
  const [without, with_] = [await serving({}), await serving({ draft: { source: "tiny", tokens: 8 } })];
  const { ids } = await written(without, asked[0]!);
  const last = ids[4]!;
  const cut = await written(with_, asked[0]!, null, last);
  expect(cut.ids).toEqual(ids.slice(0, ids.indexOf(last) + 1));
  const turn = { ...asked[0]!, prompt: [...asked[0]!.prompt, ...cut.ids, ...phrase.slice(3, 9)] };
  expect(await written(with_, turn)).toEqual(await written(without, turn));
});

/** p of the token after `ids`, by a plain pass over them. */
async function exact(ids: number[]): Promise<number[]> {
  const { model } = await loadBase(tiny, []);
  return tf.tidy(() => {
    const [row, at] = [ids, ids.map((_, i) => i)].map((x) => tf.tensor2d([x], [1, ids.length], "int32"));
    const hidden = transformer(model, null, { ids: row!, positions: at! }, causal(model.config));
    return (tf.softmax(logits(model, null, hidden)).arraySync() as number[][]).at(-1)!;
  });
}

test("tokens come as often as the model's probabilities say, whatever is proposed", { tags: "long" }, async () => {
  const { model } = await loadBase(tiny, []);
  const native = nativeModel(model, null)!;
  const prompt = phrase.slice(0, 12);
  const [first] = likeliest(await exact(prompt));
  const p = await exact([...prompt, first!]);
  const kinds = likeliest(p).slice(0, 5);
  const propose: Propose = () => [kinds[1]!];
  const engine = continuousEngine(() => ({ model, adapter: null, native }), 1, 64, native, propose);
  const counts = Array<number>(5).fill(0);
  for (let i = 0; i < 600; i++) {
    const drawing = { ...plain, topK: 5, stream: `${i}` };
    const { ids } = await written(engine, { policy: "tiny", prompt, maxNewTokens: 3, drawing });
    if (ids[0] === first) counts[kinds.indexOf(ids[1]!)]!++;
  }
  const n = counts.reduce((a, b) => a + b);
  const whole = kinds.reduce((sum, id) => sum + p[id]!, 0);
  const expected = kinds.map((id) => (n * p[id]!) / whole);
  const statistic = counts.reduce((sum, count, k) => sum + (count - expected[k]!) ** 2 / expected[k]!, 0);
  expect(engine.counts().proposedTokens).toBe(600);
  expect(Math.min(...expected)).toBeGreaterThan(50);
  expect(statistic).toBeLessThan(18.47); // of χ² with 4 degrees of freedom one in a thousand is larger: the false-alarm rate of a new seed
});

const likeliest = (p: number[]): number[] => [...p.keys()].sort((a, b) => p[b]! - p[a]!);

test("a draft with other tokens is refused, and so are proposals where nothing can read them", async () => {
  const other = join(folder, "other");
  cpSync("data/tiny", other, { recursive: true });
  const tokenizer = JSON.parse(readFileSync(join(other, "tokenizer.json"), "utf8"));
  const { vocab } = tokenizer.model as { vocab: Record<string, number> };
  [vocab.a, vocab.b] = [vocab.b!, vocab.a!];
  writeFileSync(join(other, "tokenizer.json"), JSON.stringify(tokenizer));
  await expect(serving({ draft: { source: other, tokens: 4 } })).rejects.toThrow(
    /other cannot be a draft: its token \d+ is "[ab]", and the served model's "[ab]"/,
  );
  vi.stubEnv("WORKBENCH_NATIVE", "off");
  await expect(serving({ promptLookup: 4 })).rejects.toThrow("leave out --prompt-lookup and --draft");
  vi.unstubAllEnvs();
});

test("prompt lookup proposes what followed the longest ending, when it last came", () => {
  const propose = promptLookup(3);
  expect(propose([1, 2, 3, 4, 5, 9, 1, 2, 3], 9)).toEqual([4, 5, 9]);
  expect(propose([8, 2, 3, 7, 1, 2, 3, 4, 2, 3, 6, 1, 2, 3], 9)).toEqual([4, 2, 3]); // three tokens rather than the later two
  expect(propose([2, 3, 7, 2, 3, 4, 2, 3], 1)).toEqual([4]);
  expect(propose([5, 5, 5], 9)).toEqual([5]); // what it ends with counts as soon as it came before
  expect(propose([1, 2, 3, 4], 9)).toEqual([]);
});

test("numbers that are looked at are drawn in their turn", () => {
  let at = 0;
  const { next, peek } = lookAhead(() => at++);
  expect([next(), peek(3), next(), peek(1), next(), next(), next()]).toEqual([0, [1, 2, 3], 1, [2], 2, 3, 4]);
});
