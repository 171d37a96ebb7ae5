import { expect, test } from "vitest";
import { mix } from "@/lib/runs/chosen-sets";
import type { TrainingSet } from "@/lib/runs/run-schema";
import { runConfig } from "@/spec/config";
import { evaluationCost, heldOutBeside, learnedFrom } from "./mixed-sets";

const set = (id: number, rows: number, own: Partial<TrainingSet> = {}): TrainingSet => ({
  ...{ kind: "labelled", id, name: `set ${id}`, about: "", holds: "pairs", rows, pairs: rows, imitated: rows },
  ...own,
});
const sets = [set(1, 1_000_000), set(2, 100), set(3, 60_000), set(4, 200, { holds: "rankings", pairs: 600 })];
const one = (id: number) => ({ set: `labelled:${id}`, mix: null, evaluation: "" });

test("what a method learns from is read to the row limit in each set, then weighed", () => {
  expect(learnedFrom("dpo", one(1), sets, null)).toEqual({ count: 1_000_000, words: "pairs" });
  expect(learnedFrom("dpo", one(1), sets, 1000).count).toBe(1000);
  expect(learnedFrom("kto", one(1), sets, 1000).count).toBe(2000); // both answers of a pair
  expect(learnedFrom("dpo", one(4), sets, 50).count).toBe(150); // three pairs a ranking
  const mix = { weight: "0.5", others: [{ id: 0, set: "labelled:2", weight: "2" }] };
  expect(learnedFrom("dpo", { ...one(1), mix }, sets, 1000).count).toBe(500 + 200);
});

test("an evaluation set that takes longer than the steps between two evaluations is told", () => {
  const config = runConfig.parse({
    ...{ method: "dpo", model: { source: "tiny" }, data: { train: "x", eval: "y" }, output: "z" },
    ...{ evalEvery: 10, batchSize: 4, gradientAccumulationSteps: 2 },
  });
  const cost = (id: number, evalEvery: number | null = 10) =>
    evaluationCost({ ...config, evalEvery }, { ...one(1), evaluation: `labelled:${id}` }, sets, {
      count: 1000,
      words: "pairs",
    });
  expect(cost(3)).toEqual({
    path: "evalEvery",
    message: "each evaluation reads all 60,000 pairs of set 3, and 10 steps between two train on 80",
  });
  expect([cost(2), cost(3, null)]).toEqual([null, null]); // no more than a tenth of what is trained on; none at all
});

test("a held-out share makes room for an evaluation set, and is there again when that is taken back", () => {
  const chosen = heldOutBeside("labelled:2", { evaluation: "", heldOut: "0.2", kept: 0.1 });
  expect(chosen).toEqual({ heldOut: 0, kept: "0.2" });
  const other = heldOutBeside("labelled:3", { evaluation: "labelled:2", heldOut: 0, kept: chosen.kept });
  expect(heldOutBeside("", { evaluation: "labelled:3", heldOut: other.heldOut, kept: other.kept }).heldOut).toBe("0.2");
});

test("sets that are mixed in each have an id, also those of a draft that was kept before there were any", () => {
  const others = [2, 2].map((id) => ({ set: `labelled:${id}`, weight: "1" }));
  expect(mix.parse({ weight: "1", others }).others.map(({ id }) => id)).toEqual([0, 1]);
  const left = [{ ...others[0]!, id: 1 }]; // the first was removed
  expect(mix.parse({ weight: "1", others: left }).others).toEqual(left);
});
