import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import type { KtoConfig } from "../../spec/methods/kto";
import { type Answer, withPartners } from "./partners";

const config = (kto: object, batchSize = 2) =>
  runConfig.parse({
    method: "kto",
    model: { source: "tiny" },
    data: { train: "x", maxLength: 8 },
    output: "x",
    kto,
    batchSize,
  }) as KtoConfig;
/** A prompt of one token, an answer of one or more. */
const row = (prompt: number, ...answer: number[]): Answer => ({
  answer: { input_ids: [prompt, ...answer], completion_mask: [0, ...answer.map(() => 1)] },
  label: true,
});
const partners = (rows: Answer[], others: Answer[], kto: object) =>
  withPartners(rows, others, config(kto)).map(({ partner }) => partner.input_ids);

const rows = [row(1, 11), row(1, 12), row(2, 21, 22), row(3, 31)];

test("the next row with another prompt lends its answer", () => {
  expect(partners(rows, [], {})).toEqual([
    [1, 21, 22],
    [1, 21, 22],
    [2, 31],
    [3, 11],
  ]);
});

test("previous-row rotates each batch by one, whatever the prompts", () => {
  expect(partners(rows, [], { klPartner: "previous-row" })).toEqual([
    [1, 12],
    [1, 11],
    [2, 31],
    [3, 21, 22],
  ]);
});

test("where all prompts are one, other rows lend, and without them it is refused", () => {
  expect(partners(rows.slice(0, 2), [row(4, 41)], {})).toEqual([
    [1, 41],
    [1, 41],
  ]);
  expect(() => partners(rows.slice(0, 2), [], {})).toThrow("at least two prompts");
  expect(partners(rows.slice(0, 2), [], { lossType: "bco" })).toHaveLength(2); // which has no use for them
});

test("a partner is cut where rows are", () => {
  const [first] = withPartners([row(1, 11), row(2, ...Array<number>(20).fill(5))], [], config({}));
  expect(first!.partner.input_ids).toHaveLength(8);
  expect(first!.partner.completion_mask).toEqual([0, 1, 1, 1, 1, 1, 1, 1]);
});
