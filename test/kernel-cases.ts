// Every recorded kernel with inputs, over the attributes that tfjs passes: what it computes eagerly is compared with a compiled graph
// (trainers/engine/jit/kernels.test.ts), and on a GPU with a processor (npm run gpu-check).

import {
  barrier,
  matMulBfloat16,
  stackedBfloat16,
  toBfloat16,
  tridiagonalSolve,
  uniform,
  unpacked,
  writeRows,
} from "../trainers/engine/custom";
import type { Tree } from "../trainers/engine/jit/compile";
import { segmentOuter, segmentProduct } from "../trainers/engine/segments";
import { tf } from "../trainers/engine/tensorflow";

let seed = 0;
export const random = (...shape: number[]) => tf.randomNormal(shape, 0, 1, "float32", ++seed);
const above = (low: number, ...shape: number[]) => tf.randomUniform(shape, low, low + 1, "float32", ++seed);
const ints = (values: number[], shape: number[] = [values.length]) => tf.tensor(values, shape, "int32");
const bools = (values: number[], shape: number[] = [values.length]) => tf.tensor(values, shape, "bool");

export type Case = [kernel: string, run: (...x: tf.Tensor[]) => Tree, inputs: tf.Tensor[], differentiable?: boolean];

/** tfjs's own gradients of these do not undo broadcasting: they throw, compiled or not. */
const unbroadcast = ["Maximum", "Minimum", "SquaredDifference"];

const binary = (kernel: string, run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, differentiable = true): Case[] => [
  [kernel, run as Case[1], [above(1, 3, 4), above(1, 3, 4)], differentiable],
  [kernel, run as Case[1], [above(1, 2, 3, 4), above(1, 3, 1)], differentiable && !unbroadcast.includes(kernel)],
  [kernel, run as Case[1], [ints([1, 2, 3]), ints([3, 2, 2])]],
];
const unary = (kernel: string, run: (x: tf.Tensor) => tf.Tensor, low = -0.7, differentiable = true): Case[] => [
  [kernel, run as Case[1], [above(low, 3, 4)], differentiable],
];
const float = (x: tf.Tensor) => x.toFloat();
const reduction = (
  kernel: string,
  run: (x: tf.Tensor, axis?: number | number[], keep?: boolean) => tf.Tensor,
  differentiable = true,
): Case[] => [
  [kernel, (x) => run(x!), [random(2, 3, 4)], differentiable],
  [kernel, (x) => run(x!, -1, true), [random(2, 3, 4)], differentiable],
  [kernel, (x) => run(x!, [0, 2]), [random(2, 3, 4)], differentiable],
];
const products = (kernel: string): Case[] =>
  [false, true].flatMap((a) =>
    [false, true].flatMap((b): Case[] => [
      [
        kernel,
        (x, y) => tf.matMul(x!, y!, a, b),
        [a ? random(4, 3) : random(3, 4), b ? random(5, 4) : random(4, 5)],
        true,
      ],
      [
        kernel,
        (x, y) => tf.matMul(x!, y!, a, b),
        [a ? random(2, 3, 4, 3) : random(2, 3, 3, 4), b ? random(2, 1, 5, 4) : random(2, 1, 4, 5)],
      ],
      [
        kernel,
        (x, y) => tf.matMul(x!, y!, a, b),
        [a ? random(2, 4, 3) : random(2, 3, 4), b ? random(2, 5, 4) : random(2, 4, 5)],
        true,
      ],
    ]),
  );
const narrow = toBfloat16(random(5, 4)) as tf.Tensor2D;
const inSegments = (x: tf.Tensor, sizes: tf.Tensor, weight: tf.Tensor, transposed: boolean) =>
  segmentProduct(x as tf.Tensor2D, sizes as tf.Tensor1D, weight as tf.Tensor2D, transposed);

export const cases: Case[] = [
  ...binary("Add", tf.add),
  ...binary("Sub", tf.sub),
  ...binary("Multiply", tf.mul),
  ...binary("RealDiv", (a, b) => tf.div(float(a), float(b))),
  ...binary("FloorDiv", tf.floorDiv, false),
  ...binary("Mod", tf.mod, false),
  ...binary("Maximum", tf.maximum),
  ...binary("Minimum", tf.minimum),
  ...binary("Pow", tf.pow, false),
  ["Pow", (a, b) => tf.pow(a!, b!), [above(1, 3, 4), above(1, 3, 4)], true],
  ...binary("SquaredDifference", tf.squaredDifference),
  ...binary("Equal", tf.equal, false),
  ...binary("NotEqual", tf.notEqual, false),
  ...binary("Greater", tf.greater, false),
  ...binary("GreaterEqual", tf.greaterEqual, false),
  ...binary("Less", tf.less, false),
  ...binary("LessEqual", tf.lessEqual, false),
  ["LogicalAnd", (a, b) => tf.logicalAnd(a!, b!), [bools([0, 0, 1, 1], [4, 1]), bools([0, 1])]],
  ["LogicalOr", (a, b) => tf.logicalOr(a!, b!), [bools([0, 0, 1, 1], [4, 1]), bools([0, 1])]],
  ["LogicalNot", (x) => tf.logicalNot(x!), [bools([0, 1, 1])]],
  ...unary("Neg", tf.neg),
  ...unary("Abs", tf.abs),
  ...unary("Sign", tf.sign),
  ...unary("Square", tf.square),
  ...unary("Sqrt", tf.sqrt, 1),
  ...unary("Rsqrt", tf.rsqrt, 1),
  ...unary("Exp", tf.exp),
  ...unary("Expm1", tf.expm1),
  ...unary("Log", tf.log, 1),
  ...unary("Log1p", tf.log1p, 1),
  ...unary("Sigmoid", tf.sigmoid),
  ...unary("Tanh", tf.tanh),
  ...unary("Relu", tf.relu),
  ...unary("Elu", tf.elu, -0.7, false),
  ...unary("Softplus", tf.softplus),
  ...unary("Erf", tf.erf),
  ...unary("Floor", tf.floor),
  ...unary("Ceil", tf.ceil),
  ...unary("Round", tf.round),
  ...unary("Sin", tf.sin),
  ...unary("Cos", tf.cos),
  ...unary("Reciprocal", tf.reciprocal, 1),
  ...unary("ZerosLike", tf.zerosLike),
  ...unary("OnesLike", tf.onesLike, -0.7, false),
  ["IsNan", (x) => tf.isNaN(x!), [tf.tensor1d([1, Number.NaN, Number.POSITIVE_INFINITY])]],
  ["Identity", (x) => x!.clone(), [random(3)], true],
  ["Cast", (x) => [x!.toInt(), x!.toBool(), x!.cast("float32")], [tf.tensor1d([-1.7, 0, 2.2])]],
  ["Cast", (x) => [x!.toFloat(), x!.toInt()], [bools([0, 1])]],
  ["ClipByValue", (x) => tf.clipByValue(x!, -0.3, 0.4), [random(9)], true],
  ["Step", (x) => tf.step(x!, 0.25), [tf.tensor1d([-1, 0, 2])]],
  ...products("BatchMatMul"),
  ["StackedBfloat16", (x) => matMulBfloat16(x as tf.Tensor2D, stackedBfloat16([narrow, narrow]), true), [random(3, 4)]],
  ["MatMulBfloat16", (x) => matMulBfloat16(x as tf.Tensor2D, narrow, true), [random(3, 4)]],
  ["MatMulBfloat16", (x) => matMulBfloat16(x as tf.Tensor2D, narrow, false), [random(3, 5)]],
  // The second segment is empty.
  ["SegmentProduct", (x, sizes) => inSegments(x!, sizes!, narrow, true), [random(3, 4), ints([2, 0, 1, 0, 0])]],
  ["SegmentProduct", (x, sizes) => inSegments(x!, sizes!, narrow, false), [random(3, 1), ints([2, 0, 1, 0, 0])]],
  ["SegmentProduct", (x, sizes, w) => inSegments(x!, sizes!, w!, true), [random(5, 4), ints([2, 0, 3]), random(6, 4)]],
  ["SegmentProduct", (x, sizes, w) => inSegments(x!, sizes!, w!, false), [random(5, 2), ints([2, 0, 3]), random(6, 4)]],
  [
    "SegmentOuter",
    (dy, x, sizes) => segmentOuter(dy as tf.Tensor2D, x as tf.Tensor2D, sizes as tf.Tensor1D),
    [random(5, 2), random(5, 4), ints([2, 0, 3])],
  ],
  [
    "ToBfloat16",
    (x, y) => matMulBfloat16(x as tf.Tensor2D, toBfloat16(y as tf.Tensor2D), true),
    [random(3, 4), random(5, 4)],
  ],
  ["Unpacked", (x) => unpacked(x as tf.Tensor1D, [4, 0, 28], 15), [ints([0x12345678, -1, -0x12345678])]],
  ["Uniform", (seed) => uniform([3, 5], seed as tf.Tensor1D), [ints([12, 345])]],
  ["Barrier", (x, y) => barrier(x!.square(), y!.exp()), [random(3), random(2)]],
  [
    "TridiagonalSolve",
    (x, y) => tridiagonalSolve(x as tf.Tensor3D, y as tf.Tensor3D),
    [above(1, 2, 3, 5), random(2, 5, 4)],
  ],
  [
    "WriteRows",
    (x, at, y) => writeRows(x!.mul(2) as tf.Tensor2D, at as tf.Tensor1D, y as tf.Tensor2D),
    [random(4, 3), ints([2, 0]), random(2, 3)],
  ],
  ["Reshape", (x) => [x!.reshape([6, -1]), x!.flatten(), x!.reshape([2, 2, 6])], [random(2, 3, 4)]],
  ["Reshape", (x) => x!.reshape([4, -1]), [random(2, 3, 4)], true],
  ["ExpandDims", (x) => [x!.expandDims(0), x!.expandDims(1), x!.expandDims(-1)], [random(2, 3)]],
  ["Transpose", (x) => x!.transpose([2, 0, 1]), [random(2, 3, 4)], true],
  ["Transpose", (x) => x!.transpose(), [random(2, 3, 4)], true],
  ["Tile", (x) => tf.tile(x!, [2, 1, 3]), [random(2, 3, 4)], true],
  ["Reverse", (x) => tf.reverse(x!, -1), [random(2, 3)], true],
  ["Reverse", (x) => tf.reverse(x!), [random(2, 3)], true],
  [
    "PadV2",
    (x) =>
      tf.pad(
        x!,
        [
          [1, 0],
          [2, 3],
        ],
        0.5,
      ),
    [random(2, 3)],
    true,
  ],
  ["Fill", () => [tf.fill([2, 3], 1.5), tf.fill([100], 2, "int32"), tf.zeros([2]), tf.ones([1, 3])], []],
  ["Range", () => [tf.range(0, 5, 1, "int32"), tf.range(1, 2, 0.25)], []],
  ["Slice", (x) => x!.slice([1, 0, 2], [1, -1, 2]), [random(2, 3, 4)], true],
  ["Slice", (x) => x!.slice(1), [random(2, 3)], true],
  ["SplitV", (x) => tf.split(x!, [1, 3], 1)[1]!, [random(2, 4)], true],
  ["SplitV", (x) => tf.split(x!, 2, -1), [random(2, 4)]],
  ["Concat", (x, y) => tf.concat([x!, y!, x!], -1), [random(2, 3), random(2, 1)], true],
  ["Concat", (x, y) => tf.concat([x!, y!], 0), [random(2, 3), random(1, 3)], true],
  ["Pack", (x, y) => tf.stack([x!, y!], 1), [random(2, 3), random(2, 3)], true],
  ["Pack", (x, y) => tf.stack([x!, y!], -1), [ints([1, 2]), ints([3, 4])]],
  ["Unpack", (x) => tf.unstack(x!, 1)[1]!, [random(2, 3)], true],
  ["Unpack", (x) => tf.unstack(x!, -1), [random(2, 3)]],
  ["GatherV2", (x, i) => tf.gather(x!, i as tf.Tensor1D), [random(4, 3), ints([3, 0, 0])]],
  ["GatherV2", (x, i) => tf.gather(x!, i as tf.Tensor2D, 1), [random(2, 4), ints([3, 0, 1, 1], [2, 2])]],
  ["GatherV2", (x, i) => tf.gather(x!, i as tf.Tensor2D, 1, 1), [random(2, 4), ints([3, 0, 1, 1], [2, 2])]],
  ["GatherV2", (x) => tf.gather(x!, ints([3, 0, 0])), [random(4, 3)], true],
  ["UnsortedSegmentSum", (x, i) => tf.unsortedSegmentSum(x!, i as tf.Tensor1D, 5), [random(3, 2), ints([4, 0, 4])]],
  ["OneHot", (i) => [tf.oneHot(i!, 4), tf.oneHot(i!, 3, 2, -1, "float32")], [ints([0, 2, 1, 1], [2, 2])]],
  ["Select", (c, a, b) => tf.where(c!, a!, b!), [bools([1, 0, 1]), random(3), random(3)]],
  ["Select", (c, a) => tf.where(c!, a!, tf.scalar(-1)), [bools([1, 0, 1]), random(3)]],
  ...reduction("Sum", tf.sum),
  ...reduction("Mean", tf.mean),
  ...reduction("Max", tf.max),
  ...reduction("Min", tf.min),
  ...reduction("Prod", tf.prod, false),
  ["All", (x) => [tf.all(x!), tf.all(x!, 1, true)], [bools([1, 1, 0, 1], [2, 2])]],
  ["Any", (x) => [tf.any(x!), tf.any(x!, 0)], [bools([0, 0, 0, 1], [2, 2])]],
  ["ArgMax", (x) => [tf.argMax(x!, -1), tf.argMax(x!, 0)], [random(3, 4)]],
  ["ArgMin", (x) => [tf.argMin(x!, -1), tf.argMin(x!, 0)], [random(3, 4)]],
  ["Softmax", (x) => tf.softmax(x!), [random(3, 4)], true],
  ["LogSoftmax", (x) => tf.logSoftmax(x!), [random(3, 4)], true],
  ["Cumsum", (x) => tf.cumsum(x!, 1), [random(3, 4)], true],
  ["Cumsum", (x) => [tf.cumsum(x!, 0, true), tf.cumsum(x!, 1, false, true)], [random(3, 4)]],
  [
    "TopK",
    (x) => {
      const { values, indices } = tf.topk(x!, 2);
      return [values, indices];
    },
    [random(3, 4)],
  ],
  ["AddN", (x, y) => tf.addN([x!, y!, x!]), [random(3), random(3)], true],
];
