import { expect, test } from "vitest";
import { createRandom } from "../../common/random";
import { linear } from "./linear";
import { tf } from "./tensorflow";

const random = createRandom("factors");
const numbers = (count: number) => Array.from({ length: count }, () => 2 * random() - 1);

/** To the nearest number of bfloat16, ties to even. */
function rounded(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
  const up = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(Uint32Array.of(up >>> 0).buffer)[0]!;
}

test("a trained product in bfloat16 and both its gradients are those of rounded factors, rounded once", () => {
  const [N, input, output] = [5, 7, 3];
  const [x, w, dy] = [numbers(N * input), numbers(output * input), numbers(N * output)];
  const at = (values: number[], width: number, row: number, column: number) => rounded(values[row * width + column]!);
  const sums = (rows: number, columns: number, terms: number, of: (i: number, j: number, k: number) => number) =>
    Array.from({ length: rows * columns }, (_, n) =>
      Array.from({ length: terms }, (_, k) => of(Math.floor(n / columns), n % columns, k)).reduce((a, b) => a + b, 0),
    );
  const expected = [
    sums(N, output, input, (i, j, k) => at(x, input, i, k) * at(w, input, j, k)),
    sums(N, input, output, (i, j, k) => at(dy, output, i, k) * at(w, input, k, j)),
    sums(output, input, N, (i, j, k) => at(dy, output, k, i) * at(x, input, k, j)),
  ];

  const [xs, ws] = [tf.tensor2d(x, [N, input]), tf.variable(tf.tensor2d(w, [output, input]))];
  const product = (x: tf.Tensor, w: tf.Tensor) => linear(x as tf.Tensor2D, w as tf.Tensor2D, null, "bfloat16");
  const gradients = tf.grads(product)([xs, ws], tf.tensor2d(dy, [N, output]));
  for (const [i, made] of [product(xs, ws), ...gradients].entries())
    for (const [n, value] of [...made.dataSync()].entries()) {
      const exact = expected[i]![n]!;
      expect(Math.abs(value - exact)).toBeLessThan(2 ** -8 * Math.abs(exact) + 1e-6);
      expect(value).toBe(rounded(value));
    }
  expect([...ws.dataSync()]).toEqual([...Float32Array.from(w)]);
});
