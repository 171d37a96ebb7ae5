import { expect, test } from "vitest";
import { createRandom } from "../../common/random";
import { tf } from "../engine/tensorflow";
import { draw } from "./draw";

const free = { greedy: false, topK: null, topP: null };
function drawn(
  probabilities: number[],
  uniforms: number[],
  drawing: Parameters<typeof draw>[0]["drawing"] = free,
  temperature = 1,
) {
  const scores = tf.tensor2d(uniforms.map(() => probabilities.map((p) => Math.log(p) * temperature + 3)));
  const { tokens, logProbs } = draw({
    scores,
    uniforms: tf.tensor1d(uniforms),
    temperature: tf.scalar(temperature),
    drawing,
  });
  return { tokens: [...tokens.dataSync()], logProbs: [...logProbs.dataSync()] };
}

test("takes the token at which the running sum passes the uniform number, over several blocks", () => {
  const random = createRandom("draw");
  const weights = Array.from({ length: 600 }, () => random() + 0.01);
  const total = weights.reduce((a, b) => a + b, 0);
  const probabilities = weights.map((w) => w / total);
  let sum = 0;
  const upTo = probabilities.map((p) => (sum += p));
  const wanted = Array.from({ length: 60 }, (_, i) => (i * 37) % 600);
  const middles = wanted.map((token) => upTo[token]! - probabilities[token]! / 2);
  const { tokens, logProbs } = drawn(probabilities, middles, free, 0.7);
  expect(tokens).toEqual(wanted);
  for (const [i, token] of wanted.entries()) expect(logProbs[i]).toBeCloseTo(Math.log(probabilities[token]!), 4);
});

test("the ends: 0 takes the first possible token, almost 1 the last", () => {
  expect(drawn([1e-60, 0.4, 0.6, 1e-60], [0, 0.999999]).tokens).toEqual([1, 2]);
});

test("top-k and top-p cut where they should; log-probabilities are those before the cut", () => {
  const p = [0.05, 0.5, 0.15, 0.3];
  // two likeliest: 1 and 3 with 0.8 together; token 1 ends at 0.5/0.8 = 0.625
  expect(drawn(p, [0.6, 0.65, 0.999], { ...free, topK: 2 }).tokens).toEqual([1, 3, 3]);
  // 0.5 falls short of 0.6, so the next one (0.3) still counts: the same two
  expect(drawn(p, [0.6, 0.65, 0.999], { ...free, topP: 0.6 }).tokens).toEqual([1, 3, 3]);
  expect(drawn(p, [0.999], { ...free, topP: 0.5 }).tokens).toEqual([1]);
  // of the three likeliest (0.95 together), those up to half: 0.5 ≥ 0.475, so token 1 alone
  expect(drawn(p, [0.999], { ...free, topK: 3, topP: 0.5 }).tokens).toEqual([1]);
  expect(drawn(p, [0.999], { ...free, topK: 2 }).logProbs[0]).toBeCloseTo(Math.log(0.3), 5);
});

test("greedy takes the likeliest", () => {
  expect(drawn([0.2, 0.5, 0.3], [0.99], { ...free, greedy: true }).tokens).toEqual([1]);
});
