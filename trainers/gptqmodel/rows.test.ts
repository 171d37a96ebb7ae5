import { expect, test } from "vitest";
import { file } from "../../test/program";
import { isHeldOut } from "../data/dataset";
import { readModel } from "../models/load";
import { blocksOf, packingRows } from "./rows";

const files = await readModel("data/golden/trajectories/model"); // made for 256 tokens
const lines = (rows: object[]) => file("rows.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
const asked = (n: number) => ({ prompt: `What is ${n} and ${n}?`, completion: `It is ${2 * n}.` });
const textOf = (ids: number[]) => files.tokenizer.decode(ids);

test("rows are measured whose prompts a run would hold out, and a prompt is on one side only, up to 128 and 32", async () => {
  const rows = Array.from({ length: 400 }, (_, n) => asked(n % 250));
  const { calibrated, measured } = await packingRows(lines(rows), files, expect.unreachable);
  expect([calibrated.length, measured.length]).toEqual([128, 32]);
  const heldOut = rows.filter(({ prompt }) => isHeldOut(prompt, 0.2)).map(({ completion }) => completion);
  for (const { input_ids, completion_mask } of measured) {
    const answer = textOf(input_ids.filter((_, t) => completion_mask[t] === 1)).trim();
    expect(heldOut).toContain(answer);
  }
  const trained = rows.filter(({ prompt }) => !isHeldOut(prompt, 0.2)).slice(0, 128);
  for (const [i, ids] of calibrated.entries()) expect(textOf(ids)).toContain(trained[i]!.completion);
});

test("of a prompt alone and of text every token after the first is scored", async () => {
  const rows = Array.from({ length: 60 }, (_, n) => (n % 2 ? { prompt: asked(n).prompt } : { text: asked(n).prompt }));
  const { measured } = await packingRows(lines(rows), files, expect.unreachable);
  for (const { input_ids, completion_mask } of measured)
    expect(completion_mask).toEqual(input_ids.map((_, t) => (t === 0 ? 0 : 1)));
});

test("rows that cannot be read or are longer than what the model was made for are named and left out; too few are refused", async () => {
  const said: string[] = [];
  const long = { prompt: "Count.", completion: "one two three ".repeat(100) };
  const rows = [{ words: 3 }, long, ...Array.from({ length: 60 }, (_, n) => asked(n))];
  const path = lines(rows);
  const { calibrated, measured } = await packingRows(path, files, (line) => said.push(line));
  expect(calibrated.length + measured.length).toBe(60);
  expect(said[0]).toContain(`${path}:1: `);
  expect(said[1]).toMatch(/:2: has \d{3,} tokens, and the model was made for 256; the row is left out$/);
  expect(said).toHaveLength(2);
  const few = lines(rows.slice(0, 12));
  await expect(packingRows(few, files, () => {})).rejects.toThrow(
    /has \d+ rows to calibrate on and \d+ of other prompts to measure on; at least 16 and 4 are needed/,
  );
});

test("AWQ's blocks are the rows end to end, 512 tokens each or as many as the model was made for; fewer are one block", () => {
  const ids = Array.from({ length: 1300 }, (_, i) => i);
  const rows = [ids.slice(0, 700), ids.slice(700, 710), ids.slice(710)];
  expect(blocksOf(rows, 2048)).toEqual([ids.slice(0, 512), ids.slice(512, 1024)]);
  expect(blocksOf(rows, 256)).toEqual([0, 256, 512, 768, 1024].map((start) => ids.slice(start, start + 256)));
  expect(blocksOf([[1, 2], [3]], 2048)).toEqual([[1, 2, 3]]);
});
