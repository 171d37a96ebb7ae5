// Every recorded kernel against the eager one: values, and the gradient where there is one.
import { expect, test } from "vitest";
import { type Case, cases, random } from "../../../test/kernel-cases";
import { tf } from "../tensorflow";
import { compile, type Tree } from "./compile";

const apply = (run: Case[1], input: tf.Tensor[]) => run(...input);
const flat = (tree: Tree) => [tree].flat() as tf.Tensor[];

test.each(cases.map(([kernel, ...rest], i) => ({ name: `${kernel} (${i})`, kernel, rest })))("$name", ({ rest }) => {
  const [run, inputs, differentiable] = rest;
  const eager = flat(apply(run, inputs));
  const compiled = flat(compile((input: tf.Tensor[]) => apply(run, input))(inputs));
  expectSame(compiled, eager);
  if (!differentiable) return;
  const weights = random(...eager[0]!.shape);
  const gradients = (input: tf.Tensor[]) => tf.grads((...x) => (apply(run, x) as tf.Tensor).mul(weights))(input);
  expectSame(compile(gradients)(inputs), gradients(inputs));
});

function expectSame(compiled: tf.Tensor[], eager: tf.Tensor[]): void {
  expect(compiled.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    eager.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  compiled.forEach((tensor, i) => {
    const [found, wanted] = [[...tensor.dataSync()], [...eager[i]!.dataSync()]];
    found.forEach((value, j) => {
      if (Number.isFinite(wanted[j]))
        expect(Math.abs(value - wanted[j]!)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(wanted[j]!)));
      else expect(value).toBe(wanted[j]);
    });
  });
}

test("every recorded kernel stands in the table above", () => {
  const recorded = tf.getKernelsForBackend("recorder").map(({ kernelName }) => kernelName);
  expect(recorded.filter((name) => !cases.some(([kernel]) => kernel === name))).toEqual([]);
});
