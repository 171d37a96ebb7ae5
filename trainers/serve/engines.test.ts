// What the engines write is what the sampler writes, however requests come and go.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createRandom } from "../../common/random";
import { heldInFull } from "../../spec/fields/model";
import { writeFamilyFolder, writeStart } from "../../test/family-models";
import { tf } from "../engine/tensorflow";
import { loadBase, readPolicy } from "../inference/frozen-policy";
import { createSampler } from "../inference/sampling";
import { causal } from "../inference/segments";
import { logits, transformer } from "../models/transformer";
import type { SequenceRequest, TokenLogProb } from "./sequence";
import { loadServed, type ServeConfig, type Served } from "./served";

const plain = { temperature: 1, topK: null, topP: null, bias: new Map(), frequencyPenalty: 0, presencePenalty: 0 };
const folder = mkdtempSync(join(tmpdir(), "workbench-serve-"));
const adapter = join(folder, "adapter");
afterAll(() => rmSync(folder, { recursive: true }));

const random = createRandom("requests");
const idsOf = (length: number) => Array.from({ length }, () => 4 + Math.floor(500 * random()));
type Asked = Pick<SequenceRequest, "policy" | "prompt" | "maxNewTokens" | "drawing">;

/** The tokens of an answer, and how many of its prompt's had been computed before. */
const written = (served: Served, asked: Asked, more: Partial<SequenceRequest> = {}) =>
  new Promise<{ ids: number[]; cached: number; scored: (TokenLogProb | null)[] }>((resolve, reject) => {
    const [ids, scored]: [number[], (TokenLogProb | null)[]] = [[], []];
    served.engine.submit({
      ...{ ...asked, top: null, scorePrompt: false, ...more },
      token(id, told) {
        ids.push(id);
        scored.push(told);
        return false;
      },
      ended: (cached, error) => (error === undefined ? resolve({ ids, cached, scored }) : reject(error)),
    });
  });

/** The same by the sampler, alone. */
async function sampler(
  source: string,
  folder: string | null,
  held: Pick<ServeConfig["model"], "dtype" | "quantisation"> = { dtype: "float32", quantisation: null },
) {
  const { model } = await loadBase({ source, ...held, unquantised: [] }, []);
  const tuned = folder === null ? { model, adapter: null } : await readPolicy(folder, model);
  const samplers = { base: createSampler(model, null), tuned: createSampler(tuned.model, tuned.adapter) };
  return ({ policy, prompt, maxNewTokens, drawing }: Asked): number[] => {
    const { temperature, topK, topP, stream } = drawing;
    const options = { maxNewTokens, temperature, topK, topP, ends: new Set<number>(), pad: 0, streams: [stream] };
    return samplers[policy === "tuned" ? "tuned" : "base"]([prompt], options)[0]!.ids;
  };
}

describe.each([
  ["continuous batching", "on", "tiny", 24, "float32", null],
  ["continuous batching in bfloat16", "on", "tiny", 12, "bfloat16", null],
  ["continuous batching in 8 bits", "on", "tiny", 12, "float32", "int8"],
  ["a batch at a time, without the own ops", "off", "tiny", 8, "float32", null],
  ["a batch at a time, of a family without own ops", "on", join(folder, "gpt2"), 8, "float32", null],
] as const)("%s", (_, ops, source, count, dtype, quantisation) => {
  let served: Served;
  let sampled: (asked: Asked) => number[];
  beforeAll(async () => {
    vi.stubEnv("WORKBENCH_NATIVE", ops);
    const configOf = (file: string) => JSON.parse(readFileSync(file, "utf8"));
    writeStart(
      adapter,
      source === "tiny" ? configOf("data/tiny/config.json") : configOf("data/golden/families/gpt2.json").config,
      false,
    );
    if (source !== "tiny") writeFamilyFolder(source, configOf("data/golden/families/gpt2.json").config);
    const policies = new Map([["tuned", adapter]]);
    served = await loadServed({
      model: { source, dtype, quantisation, unquantised: [] },
      policies,
      rows: 5,
      context: 128,
    });
    sampled = await sampler(source, adapter, { dtype, quantisation });
  });
  afterAll(() => void vi.unstubAllEnvs());

  test("every answer has the tokens that the sampler draws for it alone", async () => {
    const begin = idsOf(40);
    const asked = Array.from(
      { length: count },
      (_, i): Asked => ({
        policy: i % 3 === 0 ? "tuned" : source,
        prompt: i % 4 === 1 ? [...begin, ...idsOf(1 + (i % 7))] : idsOf(1 + ((11 * i) % 60)),
        maxNewTokens: 1 + ((7 * i) % 33),
        drawing: {
          ...plain,
          ...(i % 5 === 0 && { temperature: 0 }),
          ...(i % 6 === 2 && { topK: 5 }),
          stream: `row ${i}`,
        },
      }),
    );
    const all = await Promise.all(
      asked.map(async (one, i) => {
        await later(3 * i);
        return written(served, one);
      }),
    );
    for (const [i, { ids }] of all.entries()) expect(ids, `request ${i}`).toEqual(sampled(asked[i]!));
    expect(served.engine.counts()).toMatchObject({ running: 0, waiting: 0 });
  });

  test("who is no longer asked for makes room", async () => {
    const asked = { policy: source, prompt: idsOf(5), maxNewTokens: 120, drawing: { ...plain, stream: "gone" } };
    const ends: number[] = [];
    const tickets = Array.from({ length: 7 }, (_, i) =>
      served.engine.submit({ ...asked, top: null, scorePrompt: false, token: () => false, ended: () => ends.push(i) }),
    );
    await later(20);
    for (const ticket of tickets) ticket.cancel();
    const { ids } = await written(served, { ...asked, maxNewTokens: 4 });
    expect(ids).toHaveLength(4);
    expect(ends.sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe("continuous batching", () => {
  let served: Served;
  let sampled: (asked: Asked) => number[];
  beforeAll(async () => {
    vi.unstubAllEnvs();
    const model = { source: "tiny", dtype: "float32" as const, ...heldInFull };
    served = await loadServed({ model, policies: new Map(), rows: 3, context: 700 });
    sampled = await sampler("tiny", null);
  });
  const asked = (prompt: number[], maxNewTokens = 6): Asked => ({
    ...{ policy: "tiny", prompt, maxNewTokens },
    drawing: { ...plain, temperature: 0, stream: "" },
  });

  test("a conversation's later turn, and a prompt that begins as another did, go on from what is computed", async () => {
    const prompt = idsOf(400); // longer than what a step reads
    const first = await written(served, asked(prompt));
    const turn = [...prompt, ...first.ids, ...idsOf(9)];
    const second = await written(served, asked(turn));
    expect([first.cached, second.cached]).toEqual([0, 405]); // the last token that was drawn was never read
    expect(second.ids).toEqual(sampled(asked(turn)));
    const other = [...prompt.slice(0, 100), ...idsOf(30)];
    const third = await written(served, asked(other));
    expect(third.cached).toBe(100);
    expect(third.ids).toEqual(sampled(asked(other)));
  });

  test("answers to one prompt read it once", async () => {
    const prompt = idsOf(120);
    const before = served.engine.counts();
    const all = await Promise.all(Array.from({ length: 6 }, () => written(served, asked(prompt))));
    expect(all.map(({ cached }) => cached)).toEqual([0, 119, 119, 119, 119, 119]);
    for (const { ids } of all) expect(ids).toEqual(all[0]!.ids);
    expect(served.engine.counts().cachedTokens - before.cachedTokens).toBe(5 * 119);
  });

  /** log-probabilities of everything after each of a row's tokens, by a plain pass over it. */
  async function rowOf(ids: number[]): Promise<number[][]> {
    const { model } = await loadBase({ source: "tiny", dtype: "float32", ...heldInFull }, []);
    return tf.tidy(() => {
      const [row, at] = [ids, ids.map((_, i) => i)].map((x) => tf.tensor2d([x], [1, ids.length], "int32"));
      const hidden = transformer(model, null, { ids: row!, positions: at! }, causal(model.config));
      return tf.logSoftmax(logits(model, null, hidden)).arraySync() as number[][];
    });
  }

  test("log-probabilities of prompt and answer are those of a plain pass, with the likeliest tokens in each place", async () => {
    const prompt = idsOf(300);
    const told: TokenLogProb[] = [];
    const scoring = { top: 3, scorePrompt: true, scoredPrompt: (tokens: TokenLogProb[]) => void told.push(...tokens) };
    const { ids, scored } = await written(
      served,
      { ...asked(prompt), drawing: { ...plain, stream: "scored" } },
      scoring,
    );
    const rows = await rowOf([...prompt, ...ids]);
    const all = [...told, ...scored] as TokenLogProb[];
    expect(all.map(({ id }) => id)).toEqual([...prompt.slice(1), ...ids]);
    for (const [place, { id, logProb, top }] of all.entries()) {
      const row = rows[place]!;
      expect(Math.abs(logProb - row[id]!)).toBeLessThan(2e-5); // of numbers around −15 in float32
      expect(top.map(([name]) => name)).toEqual([...row.keys()].sort((a, b) => row[b]! - row[a]!).slice(0, 3));
    }
  });

  test("as many are written at once as there is room for, and those that outgrow it are read again: every token stays", async () => {
    const many = Array.from({ length: 14 }, (_, i): Asked => {
      const drawing = { ...plain, stream: `crowded ${i}` };
      return { ...asked(idsOf(i % 3 === 0 ? 150 : 10 + i), i % 2 === 0 ? 400 : 30), drawing };
    });
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, served.engine.counts().running);
    }, 1);
    const before = served.engine.counts();
    const told: TokenLogProb[] = [];
    const scoring = { top: 0, scorePrompt: true, scoredPrompt: (tokens: TokenLogProb[]) => void told.push(...tokens) };
    const scored = written(served, many[1]!, scoring);
    const all = await Promise.all([...many.map((one) => written(served, one)), scored]);
    clearInterval(watch);
    const { preemptions, cachePages, cachePagesHeld, promptTokens } = served.engine.counts();
    expect(most).toBe(12); // four for each row
    // 7 of up to 550 tokens each stand in 7 · 35 pages at their ends, and there are 3 · 44
    expect(cachePages).toBe(3 * 44);
    expect(preemptions).toBeGreaterThan(0);
    expect(cachePagesHeld).toBeLessThanOrEqual(cachePages);
    expect(promptTokens - before.promptTokens).toBe(
      [...many, many[1]!].reduce((sum, { prompt }) => sum + prompt.length, 0),
    ); // each once
    for (const [i, { ids }] of all.entries()) expect(ids, `answer ${i}`).toEqual(sampled(many[i] ?? many[1]!));
    expect(told.map(({ id }) => id)).toEqual(many[1]!.prompt.slice(1));
  });

  test("a prompt's tokens are scored without an answer", async () => {
    const prompt = idsOf(20);
    const told: TokenLogProb[] = [];
    const scoring = { top: 0, scorePrompt: true, scoredPrompt: (tokens: TokenLogProb[]) => void told.push(...tokens) };
    const { ids } = await written(served, asked(prompt, 0), scoring);
    expect([ids.length, told.length]).toEqual([0, 19]);
  });

  test("bias and penalties move the likeliest token as OpenAI's API says", async () => {
    const prompt = idsOf(12);
    const [first, second] = (await rowOf(prompt))
      .at(-1)!
      .map((value, id) => ({ value, id }))
      .sort((a, b) => b.value - a.value);
    const gap = first!.value - second!.value;
    const greedy = { ...plain, temperature: 0, stream: "" };
    const next = async (bias: number) =>
      (await written(served, { ...asked(prompt, 1), drawing: { ...greedy, bias: new Map([[second!.id, bias]]) } })).ids;
    expect(await next(gap - 1e-3)).toEqual([first!.id]);
    expect(await next(gap + 1e-3)).toEqual([second!.id]);
    const never = { ...greedy, frequencyPenalty: 0, presencePenalty: 2, bias: new Map([[first!.id, 100]]) };
    const { ids: forced } = await written(served, { ...asked(prompt, 8), drawing: never });
    expect(forced).toEqual(Array(8).fill(first!.id)); // 100 outweighs one presence …
    const { ids: counted } = await written(served, {
      ...asked(prompt, 60),
      drawing: { ...never, frequencyPenalty: 2 },
    });
    expect(counted.some((id) => id !== first!.id)).toBe(true); // … and not 2 for each time
  });

  test("adapters come by their folders, and few of them are kept", async () => {
    const folders = Array.from({ length: 6 }, (_, i) => join(folder, `by-folder-${i}`));
    const config = JSON.parse(readFileSync("data/tiny/config.json", "utf8"));
    for (const one of folders) writeStart(one, config, false);
    const prompt = idsOf(8);
    const tuned = await sampler("tiny", folders[0]!);
    let tensors = 0;
    for (const one of [...folders, folders[0]!]) {
      await served.load(one);
      const { ids } = await written(served, { ...asked(prompt), policy: one });
      expect(ids).toEqual(tuned({ ...asked(prompt), policy: "tuned" }));
      if (one === folders[3]) tensors = tf.memory().numTensors;
    }
    expect(tf.memory().numTensors).toBe(tensors); // those that came later took the places of the first
    await expect(served.load(join(folder, "nowhere"))).rejects.toThrow("nowhere");
  });

  test("frees every tensor that its steps make", async () => {
    await written(served, asked(idsOf(10)));
    const before = tf.memory().numTensors;
    await written(
      served,
      { ...asked(idsOf(300)), drawing: { ...plain, stream: "memory" } },
      { top: 2, scorePrompt: true },
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
