// What judges make pairs of: real answers as ids, and for people a real queue.
import { beforeAll, expect, test } from "vitest";
import { judge } from "../../lib/annotation/judging/judge";
import { takeTasks } from "../../lib/annotation/judging/next-tasks";
import { pairQueue } from "../../lib/annotation/queues/pair-queue";
import { appDb } from "../../lib/db/client";
import { annotators } from "../../lib/db/schema";
import { freshDatabase } from "../../test/database";
import { readModel } from "../models/load";
import type { ChatTokenizer } from "../models/tokenizer";
import { byData, byPeople, byScore, type Candidates } from "./judges";

let tokenizer: ChatTokenizer;
beforeAll(async () => {
  ({ tokenizer } = await readModel("tiny"));
});

/** Answers to one prompt; what ends in … was cut. */
function candidates(prompt: string, texts: string[], given = ""): Candidates {
  const query = tokenizer.conversation([{ role: "user", content: prompt }], true);
  const answers = texts.map((text) => ({
    prompt,
    query,
    response: [...tokenizer.encode(text), ...(text.endsWith("…") ? [] : [tokenizer.eos])],
  }));
  const own = given ? tokenizer.encode(given) : [];
  return {
    given: {
      input_ids: [...query, ...own, tokenizer.eos, 5],
      completion_mask: [...query.map(() => 0), ...own.map(() => 1), 1, 1],
    },
    answers,
    whole: answers.filter(({ response }) => response.at(-1) === tokenizer.eos),
  };
}
const signal = new AbortController().signal;
const said = (pairs: { chosen: { input_ids: number[]; completion_mask: number[] } }[], side: "chosen" | "rejected") =>
  pairs.map((pair) => {
    const { input_ids, completion_mask } = (pair as Record<typeof side, typeof pair.chosen>)[side];
    return tokenizer.decode(input_ids.slice(completion_mask.indexOf(1)));
  });

test("by score: the best over the worst; ties, cut answers and near-equal texts are left out", async () => {
  const gold = byScore((answers) => ({
    scores: answers.map(({ response }) => (tokenizer.decode(response).match(/superb/g) ?? []).length),
    parts: {},
    standardized: [],
  }));
  const { pairs, stats } = (await gold(
    0,
    [
      candidates("a", ["It is dull.", "A superb and superb story.", "A superb one."]),
      candidates("b", ["It is dull.", "It is flat and cold."]), // a tie
      candidates("c", ["It is dull.", "A superb superb superb story…"]), // the better one was cut
    ],
    signal,
  ))!;
  expect([said(pairs, "chosen"), said(pairs, "rejected")]).toEqual([["A superb and superb story."], ["It is dull."]]);
  expect(stats["objective/score_gap"]).toBe(2);
  expect(stats["objective/scores"]).toBeCloseTo(6 / 7);
});

test("by the data: its answer, up to its end, over each of the policy's own", async () => {
  const { pairs } = (await byData(tokenizer.ends)(
    0,
    [candidates("a", ["It is dull.", "We left before the end of it.", "Cut…"], "The ending stayed with me for days.")],
    signal,
  ))!;
  expect(said(pairs, "chosen")).toEqual(Array(2).fill("The ending stayed with me for days."));
  expect(said(pairs, "rejected")).toEqual(["It is dull.", "We left before the end of it."]);
  for (const { chosen } of pairs) expect(chosen.input_ids.at(-1)).toBe(tokenizer.eos);
});

test("by people: waits for all, keeps what they prefer, and leaves out what they tie or skip", async () => {
  freshDatabase();
  appDb().insert(annotators).values({ name: "someone", createdAt: 0 }).run();
  const queue = pairQueue("new", "run-1", 0);
  const asked = ["one", "two", "three", "four"].map((prompt) =>
    candidates(prompt, [`The ${prompt} is dull and cold.`, `A superb cast in ${prompt}, and music that moves.`]),
  );
  const waiting = byPeople(queue, tokenizer, () => {})(0, asked, signal);
  const pairs = takeTasks(1, 1, 10, 0);
  expect(pairs).toHaveLength(4);
  for (const [i, { id, answers }] of pairs.entries()) {
    const side = answers[0]!.text.includes("superb") ? "left" : "right";
    const choice =
      i === 0 ? { kind: "tie" as const } : i === 1 ? { kind: "skip" as const } : ({ kind: side, strength: 3 } as const);
    judge(1, { key: `${id}`, itemId: id, choice, activeMs: 1 }, 0);
  }
  const judged = (await waiting)!;
  expect(said(judged.pairs, "chosen")).toEqual(
    ["three", "four"].map((prompt) => `A superb cast in ${prompt}, and music that moves.`),
  );
  expect(pairQueue("new", "run-1", 1).name).toBe(queue.name); // a resumed run finds its queue
  expect(() => pairQueue(99, "run-1", 0)).toThrow("no queue 99");
});
