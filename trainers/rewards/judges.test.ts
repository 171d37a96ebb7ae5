// What judges make pairs of: real answers as ids, and for people the files in which they are asked.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { writeWhole } from "../../common/whole-file";
import { judgementFiles, judgementRequest, type Opinion } from "../../spec/judging";
import { readModel } from "../models/load";
import type { ChatTokenizer } from "../models/tokenizer";
import { byData, byPeople, byScore, type Candidates } from "./judges";
import { panelIn } from "./panel";

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

test("by score: an answer that every part of the reward abstains from is neither chosen nor rejected, and counts in no mean", async () => {
  const judge = byScore((answers) => {
    const of = answers.map(({ response }) => tokenizer.decode(response));
    const given = of.map((text) => (text.includes("superb") ? null : text.includes("dull") ? -2 : -1));
    return { scores: given.map((score) => score ?? 0), parts: { function: given }, standardized: [] };
  });
  const answers = ["It is dull.", "A superb one.", "It is flat and cold."];
  const { pairs, stats } = (await judge(
    0,
    [candidates("a", answers), candidates("b", ["A superb one.", "It is dull."])],
    signal,
  ))!;
  expect([said(pairs, "chosen"), said(pairs, "rejected")]).toEqual([["It is flat and cold."], ["It is dull."]]);
  expect(stats["objective/scores"]).toBeCloseTo(-5 / 3);
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
  const folder = mkdtempSync(join(tmpdir(), "workbench-judges-"));
  const waiting: object[] = [];
  const panel = panelIn(folder, { queue: "new", endpoint: null }, (asked) => waiting.push(asked));
  const asked = ["one", "two", "three", "four"].map((prompt) =>
    candidates(prompt, [`The ${prompt} is dull and cold.`, `A superb cast in ${prompt}, and music that moves.`]),
  );
  const notes: string[] = [];
  const judging = byPeople(panel, tokenizer, (text) => notes.push(text))(0, asked, signal);
  expect(waiting).toEqual([{ round: 1, ...judgementFiles(1) }]);
  const { request, answer } = judgementFiles(1);
  const { queue, pairs } = judgementRequest.parse(JSON.parse(readFileSync(join(folder, request), "utf8")));
  expect(queue).toBe("new");
  expect(pairs.map(({ prompt }) => prompt[0]!.content)).toEqual(["one", "two", "three", "four"]);
  const answered = (opinions: Opinion[]) => writeWhole(join(folder, answer), JSON.stringify({ queue: "Q", opinions }));
  answered(["tie", null, null, "second"]);
  await vi.waitFor(() => expect(notes).toEqual(["round 1 waits for people: 2 of 4 pairs judged in Q"]), 5000);
  answered(["tie", "first", "second", "second"]);
  const judged = (await judging)!;
  expect(said(judged.pairs, "chosen")).toEqual([
    "The two is dull and cold.",
    ...["three", "four"].map((prompt) => `A superb cast in ${prompt}, and music that moves.`),
  ]);
});

test("by people: a request that nobody can serve ends the run with the reason", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-judges-"));
  const panel = panelIn(folder, { queue: 99, endpoint: null }, ({ answer }) =>
    writeWhole(join(folder, answer), JSON.stringify({ problem: "there is no queue 99" })),
  );
  const judging = byPeople(panel, tokenizer, () => {})(0, [candidates("a", ["It is dull.", "A superb one."])], signal);
  await expect(judging).rejects.toThrow("there is no queue 99");
});
