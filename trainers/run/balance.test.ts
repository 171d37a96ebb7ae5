import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { parseModelConfig } from "../models/families";
import { balanceCoefficient } from "./balance";

const { config: json } = JSON.parse(readFileSync("data/golden/families/mixtral.json", "utf8")) as {
  config: Record<string, unknown>;
};
const run = (balance: number | null) =>
  runConfig.parse({
    method: "dpo",
    model: { source: "x", balanceCoefficient: balance },
    data: { train: "x" },
    output: "y",
  });

test("a mixture is balanced by its config.json where that asks for the routers' logits, or as the run says", () => {
  const mixtral = parseModelConfig({ ...json, router_aux_loss_coef: 0.02 });
  const asking = parseModelConfig({ ...json, router_aux_loss_coef: 0.02, output_router_logits: true });
  expect(balanceCoefficient(run(null), mixtral)).toBe(0);
  expect(balanceCoefficient(run(null), asking)).toBe(0.02);
  expect(balanceCoefficient(run(0), asking)).toBe(0);
  expect(balanceCoefficient(run(0.1), mixtral)).toBe(0.1);
});

test("a model without experts has nothing to balance", () => {
  const tiny = parseModelConfig(JSON.parse(readFileSync("data/tiny/config.json", "utf8")));
  expect(balanceCoefficient(run(null), tiny)).toBe(0);
  expect(() => balanceCoefficient(run(0.1), tiny)).toThrow(
    "model.balanceCoefficient 0.1 balances a mixture of experts, and this model (llama) has none; leave it empty",
  );
});
