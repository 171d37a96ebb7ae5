import { expect, test } from "vitest";
import { tf } from "../../engine/tensorflow";
import { sftLoss } from "./loss";

test("is the mean negative log-probability per scored token", () => {
  // scored tokens of probability 1/2, 1/4 and 1: −(log ½ + log ¼ + 0)/3 = 3·log 2 / 3 = log 2
  const logProbs = tf.tensor2d([Math.log(0.5), Math.log(0.25), -7, 0], [2, 2]);
  expect(sftLoss(logProbs, tf.tensor2d([1, 1, 0, 1], [2, 2])).dataSync()[0]).toBeCloseTo(Math.log(2), 6);
});
