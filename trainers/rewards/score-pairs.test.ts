import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lora as adapterOptions } from "../../spec/adapters/lora";
import type { PairLeft, ScoredPair } from "../../spec/reports";
import { writeAdapter } from "../adapters/files";
import { createAdapter } from "../adapters/kinds";
import { headName } from "../models/head-name";
import { readModel } from "../models/load";
import { createHead } from "../models/score-head";
import { longestScored, scorePairs } from "./score-pairs";

const asked = (content: string) => [{ role: "user", content }];

test("each answer has its own score, whatever it is scored with and on whichever side it stands", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-score-"));
  const { config } = await readModel("tiny");
  const adapter = createAdapter(config, adapterOptions.parse({ rank: 4, alpha: 8 }), 0);
  const head = createHead(null, config.hiddenSize, 0);
  writeAdapter(folder, { ...adapter, weights: new Map([...adapter.weights, [headName, head]]) }, "tiny");
  const pairs = [
    {
      id: 7,
      prompt: asked("Review The Last Summer."),
      first: "A superb cast, and music that moves. ".repeat(4),
      second: "Dull.",
    },
    { id: 3, prompt: asked("Is it good?"), first: "It is dull and cold.", second: "The story is warm." },
    { id: 5, prompt: asked("Is it good?"), first: "The story is warm.", second: "It is dull and cold." },
  ];
  const score = async (some: typeof pairs) => {
    const all: ScoredPair[] = [];
    await scorePairs("tiny", folder, some, (scored, left) => {
      all.push(...scored);
      expect(left).toEqual([]);
    });
    return new Map(all.map(({ id, first, second }) => [id, [first, second]]));
  };
  const together = await score(pairs);
  for (const pair of pairs) {
    const alone = (await score([pair])).get(pair.id)!;
    for (const side of [0, 1]) expect(together.get(pair.id)![side]).toBeCloseTo(alone[side]!, 4);
  }
  expect(together.get(3)![0]).toBeCloseTo(together.get(5)![1]!, 4);
  expect(new Set([...together.values()].flat().map((value) => value.toFixed(4))).size).toBe(4);

  const long = { id: 9, prompt: asked("Is it good?"), first: "It is. ".repeat(longestScored), second: "No." };
  const [scored, left]: [ScoredPair[], PairLeft[]] = [[], []];
  await scorePairs("tiny", folder, [...pairs, long], (some, others) => {
    scored.push(...some);
    left.push(...others);
  });
  expect(scored.map(({ id }) => id).sort()).toEqual([3, 5, 7]);
  expect(left).toEqual([{ id: 9, why: expect.stringMatching(/^it has \d+ tokens, and at most 2048 are scored$/) }]);
});
