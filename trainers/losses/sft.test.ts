import { expect, test } from "vitest";
import { tf } from "../engine/tensorflow";
import { sftLoss } from "./sft";

test("is the mean negative log-probability per token", () => {
  // tokens of probability 1/2, 1/4 and 1: −(log ½ + log ¼ + 0)/3 = 3·log 2 / 3 = log 2
  expect(sftLoss(tf.tensor1d([Math.log(0.5), Math.log(0.25), 0])).dataSync()[0]).toBeCloseTo(Math.log(2), 6);
});
