// How much there is to read of a method stays small: the figures that `npm run lines` prints.
import { expect, test } from "vitest";
import { importGraph } from "./import-graph";
import { count, linesOf } from "./lines";

const graph = importGraph();

test("DPO's own part is three files and at most 450 lines", () => {
  const { own, shared } = linesOf("dpo", graph);
  expect(own).toEqual(["spec/methods/dpo.ts", "trainers/methods/dpo/method.ts", "trainers/methods/dpo/loss.ts"]);
  expect(count(own)).toBeLessThanOrEqual(450);
  expect(shared).toContain("trainers/methods/shared/pairs.ts");
});

test.each(["ppo", "grpo"])("%s, with the shared files that it reads, is at most 6 files and 900 lines", (method) => {
  const { own, shared } = linesOf(method, graph);
  expect(shared).toContain("trainers/methods/shared/rollout.ts");
  expect(own.length + shared.length).toBeLessThanOrEqual(6);
  expect(count([...own, ...shared])).toBeLessThanOrEqual(900);
});
