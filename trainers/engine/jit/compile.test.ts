import { expect, test } from "vitest";
import { nodeBackend } from "../binding";
import { tf } from "../tensorflow";
import { compile } from "./compile";
import { freeHandles, handlesOf, load, record, run, unload } from "./program";

const random = (...shape: number[]) => tf.randomNormal(shape, 0, 1, "float32", 7);
const distance = (a: tf.Tensor, b: tf.Tensor) => a.sub(b).abs().max().dataSync()[0]!;

test("variables are read and written between runs, at several sizes", () => {
  const weight = tf.variable(random(4, 4));
  const run = compile(({ x }: { x: tf.Tensor2D }) => tf.matMul(x, weight as unknown as tf.Tensor2D));
  for (const rows of [2, 3, 2]) {
    const x = random(rows, 4) as tf.Tensor2D;
    expect(distance(run({ x }), tf.matMul(x, weight as unknown as tf.Tensor2D))).toBeLessThan(1e-6);
    weight.assign(weight.mul(-0.5));
  }
});

test("plain values between the tensors are part of the program", () => {
  const run = compile(({ x, power }: { x: tf.Tensor; power: number }) => ({ y: x.pow(power), name: `x^${power}` }));
  expect([...run({ x: tf.tensor1d([3]), power: 2 }).y.dataSync()]).toEqual([9]);
  const cubed = run({ x: tf.tensor1d([3]), power: 3 });
  expect([cubed.name, ...cubed.y.dataSync()]).toEqual(["x^3", expect.closeTo(27, 4)]);
});

test("one graph holds for all sizes: after a few recordings new ones need none, and compute what the function does", () => {
  const weight = tf.variable(random(6, 5));
  let recordings = 0;
  const loss = ({ x, mask }: { x: tf.Tensor3D; mask: tf.Tensor1D }) => {
    if (tf.getBackend() === "recorder") recordings++;
    const [B, T] = x.shape;
    const { value, grads } = tf.variableGrads(() => {
      const y = tf.matMul(x.reshape<tf.Tensor2D>([B * T, 6]), weight as unknown as tf.Tensor2D);
      const [first, second] = tf.split(y.reshape([B, T, 5]), [3, T - 3], 1);
      const later = tf
        .range(0, T, 1)
        .greater(2)
        .toFloat()
        .sum()
        .add(tf.ones([T]).sum()); // T − 3 + T
      return first!.square().mean().add(second!.tanh().mean(2).sum(1).mul(mask).mean()).mul(later) as tf.Scalar;
    }, [weight]);
    return { value, gradient: Object.values(grads)[0]! };
  };
  const compiled = compile(loss);
  const sizes = [
    [2, 8],
    [3, 9],
    [1, 12],
    [4, 7],
    [2, 20],
    [5, 6],
    [1, 31],
    [7, 15],
    [2, 64],
    [9, 5],
  ];
  for (const [B, T] of sizes as [number, number][]) {
    const input = { x: random(B, T, 6) as tf.Tensor3D, mask: random(B) as tf.Tensor1D };
    const [own, other] = [compiled(input), loss(input)];
    expect(distance(own.value, other.value)).toBeLessThan(1e-5);
    expect(distance(own.gradient, other.gradient)).toBeLessThan(1e-5);
  }
  expect(recordings).toBeLessThan(7); // 1, B, T and B·T are four; a fifth confirms
});

test("what follows from sizes other than linearly is recorded at each", () => {
  const squared = compile(({ x }: { x: tf.Tensor1D }) => x.mul(x.size ** 2).add(x.size / 7));
  for (const size of [2, 3, 5, 8, 13, 21, 34, 55])
    expect(distance(squared({ x: tf.ones([size]) }), tf.fill([size], size ** 2 + size / 7))).toBeLessThan(1e-3);
});

test("a compiled function inside another is part of it", () => {
  const inner = compile(({ x }: { x: tf.Tensor }) => x.square());
  const outer = compile(({ x }: { x: tf.Tensor }) => inner({ x }).add(1));
  expect([...outer({ x: tf.tensor1d([3]) }).dataSync()]).toEqual([10]);
});

test("what cannot be compiled says why, and leaves the backend as it was", () => {
  expect(() => compile((x: tf.Tensor) => x.dataSync().length)(tf.scalar(1))).toThrow(
    /read a value .*return the tensor instead/,
  );
  expect(() => compile((x: tf.Tensor) => tf.acosh(x))(tf.scalar(2))).toThrow(/Acosh/);
  expect(tf.getBackend()).toBe("tensorflow");
});

test("functions with the same graph share a session, each with what it closed over; it goes with the last of them", () => {
  const x = tf.tensor1d([1, 5]);
  const scaled = (by: number, then: (y: tf.Tensor) => tf.Tensor = tf.relu) => {
    const weight = tf.variable(tf.scalar(by));
    return load(record((given: tf.Tensor) => then(given.mul(weight)), x));
  };
  const of = (program: ReturnType<typeof scaled>) => {
    const handles = handlesOf(program.literals);
    const values = [...run(program, [x], handles).dataSync()];
    freeHandles(handles);
    return values;
  };
  const [twice, thrice, root] = [scaled(2), scaled(3), scaled(4, tf.sqrt)];
  expect([of(twice), of(thrice), of(root)]).toEqual([
    [2, 10],
    [3, 15],
    [2, expect.closeTo(Math.sqrt(20), 5)],
  ]);
  expect(thrice.session).toBe(twice.session);
  expect(root.session).not.toBe(twice.session);
  unload(twice);
  expect(of(thrice)).toEqual([3, 15]);
  unload(thrice);
  const again = scaled(2);
  expect(again.session).not.toBe(twice.session);
  expect(of(again)).toEqual([2, 10]);
  for (const one of [again, root]) unload(one);
});

test("frees what it makes: tensors of tfjs and handles of TensorFlow", () => {
  const weight = tf.variable(random(8, 8));
  const run = compile(({ x }: { x: tf.Tensor2D }) => {
    const { value, grads } = tf.variableGrads(
      () =>
        tf
          .matMul(x, weight as unknown as tf.Tensor2D)
          .square()
          .mean<tf.Scalar>(),
      [weight],
    );
    return { value, gradient: Object.values(grads)[0]! };
  });
  const once = () => {
    const x = random(5, 8) as tf.Tensor2D;
    tf.dispose([x, run({ x })] as unknown as tf.TensorContainer);
  };
  once();
  const before = [tf.memory().numTensors, nodeBackend().binding.getNumOfTensors()];
  for (let i = 0; i < 20; i++) once();
  expect([tf.memory().numTensors, nodeBackend().binding.getNumOfTensors()]).toEqual(before);
});

test("parts of a split keep their place when TensorFlow fuses a scaled product and a sum", () => {
  const x = random(2, 4, 26, 8);
  const mixed = (x: tf.Tensor) => {
    const [first, ...rest] = tf.split(x, [10, 8, 8], 2);
    const parts = rest.map((part) => {
      const keys = tf.concat([first!, part], 2);
      return tf.matMul(tf.matMul(part.mul(0.35), keys, false, true).add(tf.ones([1, 1, 8, 18])), keys);
    });
    return tf.concat(parts, 2);
  };
  expect(distance(compile(mixed)(x), mixed(x))).toBeLessThan(1e-4);
});
