import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createRandom } from "../../common/random";
import { nodeBackend } from "../engine/binding";
import { compile } from "../engine/jit/compile";
import { native } from "../engine/native";
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

describe.each(["on", "off"])("the project's own ops %s", (ops) => {
  beforeAll(() => void vi.stubEnv("WORKBENCH_NATIVE", ops));
  afterAll(() => void vi.unstubAllEnvs());

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
});

test("the project's own ops are there wherever TensorFlow works on the processor", () => {
  expect(native()).toBe(!nodeBackend().isUsingGpuDevice);
});

test.each(["compiled", "eager"])("the own op draws by float64's distribution: 33 rows, %s", (way) => {
  const [B, V] = [33, 5000];
  const random = createRandom("own draw");
  const values = Array.from({ length: B }, () => Float32Array.from({ length: V }, () => 12 * (random() - 0.5)));
  const uniforms = Array.from({ length: B }, () => Math.fround(random()));
  for (const [greedy, temperature] of [
    [false, 1],
    [false, 1.7],
    [true, 0.5],
  ] as const) {
    const drawing = { ...free, greedy };
    const run = way === "eager" ? draw : compile(draw);
    const { tokens, logProbs } = run({
      scores: tf.tensor2d(
        values.flatMap((row) => [...row]),
        [B, V],
      ),
      uniforms: tf.tensor1d(uniforms),
      temperature: tf.scalar(temperature),
      drawing,
    });
    const [ids, found] = [tokens.dataSync(), logProbs.dataSync()];
    for (const [b, row] of values.entries()) {
      const exponentials = Array.from(row, (score) => Math.exp(score / temperature));
      const total = exponentials.reduce((a, x) => a + x, 0);
      const token = ids[b]!;
      expect(found[b]).toBeCloseTo(Math.log(exponentials[token]! / total), 5);
      if (greedy) {
        expect(row[token]).toBe(Math.max(...row));
        continue;
      }
      const before = exponentials.slice(0, token).reduce((a, x) => a + x, 0) / total;
      expect(uniforms[b]).toBeGreaterThan(before - 1e-5);
      expect(uniforms[b]).toBeLessThan(before + exponentials[token]! / total + 1e-5);
    }
  }
});
