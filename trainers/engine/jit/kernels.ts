// Each tfjs kernel as the TensorFlow node that computes it. kernels.test.ts compares every one, and its gradient, with the eager
// kernel: TensorFlow takes a wrong attribute name in silence.
import { BFLOAT16, INT32 } from "../binding";
import { tf } from "../tensorflow";
import { type Attributes, attribute } from "./protobuf";
import { dataTypeOf, type Node, recorder as r } from "./recorder";

type Inputs = Record<string, tf.TensorInfo>;

/** Registers how a kernel is recorded. `attrs` are tfjs's, as its kernel_names.ts lists them. */
export function record<Attrs = object>(
  kernelName: string,
  kernel: (inputs: Inputs, attrs: Attrs) => tf.TensorInfo | tf.TensorInfo[],
): void {
  tf.registerKernel({
    kernelName,
    backendName: "recorder",
    kernelFunc: ({ inputs, attrs }) => kernel(inputs as Inputs, (attrs ?? {}) as Attrs),
  });
}

const typed = (tensor: tf.TensorInfo, name = "T") => ({ [name]: attribute.type(r.dataType(tensor)) });
const indexed = (tensor: tf.TensorInfo, index: string) => ({ ...typed(tensor), [index]: attribute.type(INT32) });
const positive = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);
const axesOf = (axis: number | number[] | null | undefined, rank: number) =>
  (axis === null || axis === undefined ? Array.from({ length: rank }, (_, i) => i) : [axis].flat()).map((a) =>
    positive(a, rank),
  );
const { sizeFromShape } = tf.util;
const { assertAndGetBroadcastShape: broadcast } = tf.broadcast_util;

// Two inputs, broadcast
for (const [kernel, op, out] of [
  ["Add", "AddV2"],
  ["Sub", "Sub"],
  ["Multiply", "Mul"],
  ["RealDiv", "RealDiv"],
  ["FloorDiv", "FloorDiv"],
  ["Mod", "FloorMod"],
  ["Maximum", "Maximum"],
  ["Minimum", "Minimum"],
  ["Pow", "Pow"],
  ["SquaredDifference", "SquaredDifference"],
  ["Equal", "Equal", "bool"],
  ["NotEqual", "NotEqual", "bool"],
  ["Greater", "Greater", "bool"],
  ["GreaterEqual", "GreaterEqual", "bool"],
  ["Less", "Less", "bool"],
  ["LessEqual", "LessEqual", "bool"],
] as [string, string, tf.DataType?][])
  record(kernel, ({ a, b }) =>
    r.tensor(r.emit(op, [r.node(a!), r.node(b!)], typed(a!)), broadcast(a!.shape, b!.shape), out ?? a!.dtype),
  );
for (const op of ["LogicalAnd", "LogicalOr"])
  record(op, ({ a, b }) => r.tensor(r.emit(op, [r.node(a!), r.node(b!)]), broadcast(a!.shape, b!.shape), "bool"));
record("LogicalNot", ({ x }) => r.tensor(r.emit("LogicalNot", [r.node(x!)]), x!.shape, "bool"));

// One input, element by element; tfjs and TensorFlow agree on the name
for (const op of [
  ..."Neg Abs Sign Square Sqrt Rsqrt Exp Expm1 Log Log1p Sigmoid Tanh Relu Elu Softplus Erf".split(" "),
  ..."Floor Ceil Round Sin Cos Reciprocal ZerosLike OnesLike".split(" "),
])
  record(op, ({ x }) => r.tensor(r.emit(op, [r.node(x!)], typed(x!)), x!.shape, x!.dtype));
record("IsNan", ({ x }) => r.tensor(r.emit("IsNan", [r.node(x!)], typed(x!)), x!.shape, "bool"));
record("Identity", ({ x }) => r.tensor(r.node(x!), x!.shape, x!.dtype, r.dataType(x!)));
record("Cast", ({ x }, { dtype }: { dtype: tf.DataType }) =>
  r.tensor(cast(r.node(x!), r.dataType(x!), dataTypeOf(dtype)), x!.shape, dtype),
);
record("ClipByValue", ({ x }, { clipValueMin, clipValueMax }: { clipValueMin: number; clipValueMax: number }) => {
  const bounds = [clipValueMin, clipValueMax].map((bound) => scalar(x!, bound));
  return r.tensor(r.emit("ClipByValue", [r.node(x!), ...bounds], typed(x!)), x!.shape, x!.dtype);
});
record("Step", ({ x }, { alpha }: { alpha: number }) => {
  const zero = scalar(x!, 0);
  const above = r.emit("Greater", [r.node(x!), zero], typed(x!));
  return r.tensor(
    r.emit("SelectV2", [above, r.emit("OnesLike", [r.node(x!)], typed(x!)), scalar(x!, alpha)], typed(x!)),
    x!.shape,
    x!.dtype,
  );
});

export function cast(node: Node, from: number, to: number, after?: Node): Node {
  if (from === to) return node;
  return r.emit("Cast", [node, ...(after === undefined ? [] : onlyAfter(after))], {
    SrcT: attribute.type(from),
    DstT: attribute.type(to),
    Truncate: attribute.bool(false),
  });
}

/** The input by which a node waits for another one. */
const onlyAfter = (other: Node): Node[] => (typeof other === "string" ? [`^${other.split(":")[0]}`] : []);

const scalar = ({ dtype }: tf.TensorInfo, value: number) =>
  r.constant(dataTypeOf(dtype), [], dtype === "float32" ? Float32Array.of(value) : Int32Array.of(value));

// Shapes
function reshape(x: tf.TensorInfo, shape: number[]): tf.TensorInfo {
  if (shape.join() === x.shape.join()) return r.tensor(r.node(x), shape, x.dtype);
  const node = r.emit("Reshape", [r.node(x), r.ints(shape)], indexed(x, "Tshape"));
  return r.tensor(node, shape, x.dtype);
}
record("Reshape", ({ x }, { shape }: { shape: number[] }) =>
  reshape(x!, tf.util.inferFromImplicitShape(shape, sizeFromShape(x!.shape))),
);
record("ExpandDims", ({ input }, { dim }: { dim: number }) =>
  reshape(input!, input!.shape.toSpliced(positive(dim, input!.shape.length + 1), 0, 1)),
);
record("Transpose", ({ x }, { perm }: { perm: number[] }) =>
  r.tensor(
    r.emit("Transpose", [r.node(x!), r.ints(perm)], indexed(x!, "Tperm")),
    perm.map((axis) => x!.shape[axis]!),
    x!.dtype,
  ),
);
record("Tile", ({ x }, { reps }: { reps: number[] }) =>
  r.tensor(
    r.emit("Tile", [r.node(x!), r.ints(reps)], indexed(x!, "Tmultiples")),
    x!.shape.map((size, i) => size * reps[i]!),
    x!.dtype,
  ),
);
record("Reverse", ({ x }, { dims }: { dims: number | number[] }) =>
  r.tensor(
    r.emit("ReverseV2", [r.node(x!), r.ints(axesOf(dims, x!.shape.length))], indexed(x!, "Tidx")),
    x!.shape,
    x!.dtype,
  ),
);
record("PadV2", ({ x }, { paddings, constantValue }: { paddings: [number, number][]; constantValue: number }) => {
  const widths = r.constant(INT32, [paddings.length, 2], Int32Array.from(paddings.flat()));
  const inputs = [r.node(x!), widths, scalar(x!, constantValue)];
  const shape = x!.shape.map((size, i) => size + paddings[i]![0] + paddings[i]![1]);
  return r.tensor(r.emit("PadV2", inputs, indexed(x!, "Tpaddings")), shape, x!.dtype);
});
record("Fill", (_, { shape, value, dtype }: { shape: number[]; value: number; dtype?: tf.DataType }) => {
  const like = { dataId: {}, shape, dtype: dtype ?? "float32" };
  const T = { T: attribute.type(dataTypeOf(like.dtype)), index_type: attribute.type(INT32) };
  const node = like.dtype === "bool" ? r.constant(dataTypeOf("bool"), [], Uint8Array.of(value)) : scalar(like, value);
  return r.tensor(r.emit("Fill", [r.ints(shape), node], T), shape, like.dtype);
});
record(
  "Range",
  (_, { start, stop, step, dtype }: { start: number; stop: number; step: number; dtype: tf.DataType }) => {
    const like = { dataId: {}, shape: [Math.max(0, Math.ceil((stop - start) / step))], dtype };
    const inputs = [start, stop, step].map((bound) => scalar(like, bound));
    return r.tensor(r.emit("Range", inputs, { Tidx: attribute.type(dataTypeOf(dtype)) }), like.shape, dtype);
  },
);

// Parts. Split and unpacked ones are slices, for TensorFlow 2.21 forgets which output of a node it reads when it fuses
// (x · constant) yᵀ + z into one product (compile.test.ts shows it).
function slice(x: tf.TensorInfo, begin: number[], size: number[]): tf.TensorInfo {
  return r.tensor(r.emit("Slice", [r.node(x), r.ints(begin), r.ints(size)], indexed(x, "Index")), size, x.dtype);
}
record("Slice", ({ x }, { begin, size }: { begin: number | number[]; size: number | number[] }) => {
  const [starts, sizes] = tf.slice_util.parseSliceParams(x! as tf.Tensor, begin, size) as [number[], number[]];
  return slice(x!, starts, sizes);
});
record("SplitV", ({ x }, { numOrSizeSplits, axis }: { numOrSizeSplits: number | number[]; axis: number }) => {
  const at = positive(axis, x!.shape.length);
  const sizes =
    typeof numOrSizeSplits === "number"
      ? Array<number>(numOrSizeSplits).fill(x!.shape[at]! / numOrSizeSplits)
      : numOrSizeSplits;
  let start = 0;
  return sizes.map((size) => {
    const begin = x!.shape.map((_, i) => (i === at ? start : 0));
    start += size;
    return slice(x!, begin, x!.shape.with(at, size));
  });
});
record("Concat", (inputs, { axis }: { axis: number }) => {
  const parts = Object.values(inputs);
  const [first] = parts;
  const at = positive(axis, first!.shape.length);
  const shape = first!.shape.with(
    at,
    parts.reduce((sum, part) => sum + part.shape[at]!, 0),
  );
  if (parts.length === 1) return r.tensor(r.node(first!), shape, first!.dtype);
  const attributes = { ...indexed(first!, "Tidx"), N: attribute.int(parts.length) };
  return r.tensor(
    r.emit("ConcatV2", [...parts.map((part) => r.node(part)), r.int(at)], attributes),
    shape,
    first!.dtype,
  );
});
record("Pack", (inputs, { axis }: { axis: number }) => {
  const parts = Object.values(inputs);
  const [first] = parts;
  const at = positive(axis, first!.shape.length + 1);
  const attributes = { ...typed(first!), N: attribute.int(parts.length), axis: attribute.int(at) };
  const nodes = parts.map((part) => r.node(part));
  return r.tensor(r.emit("Pack", nodes, attributes), first!.shape.toSpliced(at, 0, parts.length), first!.dtype);
});
record("Unpack", ({ value }, { axis }: { axis: number }) => {
  const at = positive(axis, value!.shape.length);
  return Array.from({ length: value!.shape[at]! }, (_, index) => {
    const begin = value!.shape.map((_, i) => (i === at ? index : 0));
    return reshape(slice(value!, begin, value!.shape.with(at, 1)), value!.shape.toSpliced(at, 1));
  });
});
record("GatherV2", ({ x, indices }, { axis = 0, batchDims = 0 }: { axis?: number; batchDims?: number }) => {
  const at = positive(axis, x!.shape.length);
  const node = r.emit("GatherV2", [r.node(x!), r.node(indices!), r.int(at)], {
    batch_dims: attribute.int(batchDims),
    ...typed(x!, "Tparams"),
    ...typed(indices!, "Tindices"),
    Taxis: attribute.type(INT32),
  });
  const shape = [...x!.shape.slice(0, at), ...indices!.shape.slice(batchDims), ...x!.shape.slice(at + 1)];
  return r.tensor(node, shape, x!.dtype);
});
record("UnsortedSegmentSum", ({ x, segmentIds }, { numSegments }: { numSegments: number }) => {
  const node = r.emit("UnsortedSegmentSum", [r.node(x!), r.node(segmentIds!), r.int(numSegments)], {
    ...typed(x!),
    Tindices: attribute.type(INT32),
    Tnumsegments: attribute.type(INT32),
  });
  return r.tensor(node, [numSegments, ...x!.shape.slice(segmentIds!.shape.length)], x!.dtype);
});
record("OneHot", ({ indices }, { depth, onValue, offValue, dtype }: tf.OneHotAttrs) => {
  const like = { dataId: {}, shape: [...indices!.shape, depth], dtype };
  const inputs = [r.node(indices!), r.int(depth), scalar(like, onValue), scalar(like, offValue)];
  const attributes = {
    T: attribute.type(dataTypeOf(dtype)),
    TI: attribute.type(INT32),
    axis: attribute.int(-1),
  };
  return r.tensor(r.emit("OneHot", inputs, attributes), like.shape, dtype);
});
record("Select", ({ condition, t, e }) =>
  r.tensor(
    r.emit(
      "SelectV2",
      [condition!, t!, e!].map((part) => r.node(part)),
      typed(t!),
    ),
    broadcast(broadcast(condition!.shape, t!.shape), e!.shape),
    t!.dtype,
  ),
);

// Reductions
type ReductionAttributes = { axis?: number | number[]; reductionIndices?: number | number[]; keepDims?: boolean };
for (const op of ["Sum", "Mean", "Max", "Min", "Prod", "All", "Any"])
  record(op, ({ x }, { axis, reductionIndices, keepDims }: ReductionAttributes) => {
    const axes = axesOf(axis ?? reductionIndices, x!.shape.length); // Max alone uses the second name
    const kept = x!.shape.map((size, i) => (axes.includes(i) ? 1 : size));
    const shape = keepDims ? kept : x!.shape.filter((_, i) => !axes.includes(i));
    const attributes: Attributes = { keep_dims: attribute.bool(!!keepDims), Tidx: attribute.type(INT32) };
    if (op !== "All" && op !== "Any") Object.assign(attributes, typed(x!));
    return r.tensor(r.emit(op, [r.node(x!), r.ints(axes)], attributes), shape, x!.dtype);
  });
for (const op of ["ArgMax", "ArgMin"])
  record(op, ({ x }, { axis }: { axis: number }) => {
    const at = positive(axis, x!.shape.length);
    const attributes = { ...indexed(x!, "Tidx"), output_type: attribute.type(INT32) };
    return r.tensor(r.emit(op, [r.node(x!), r.int(at)], attributes), x!.shape.toSpliced(at, 1), "int32");
  });
record("Softmax", ({ logits }) =>
  r.tensor(r.emit("Softmax", [r.node(logits!)], typed(logits!)), logits!.shape, "float32"),
);
record("LogSoftmax", ({ logits }) =>
  r.tensor(r.emit("LogSoftmax", [r.node(logits!)], typed(logits!)), logits!.shape, "float32"),
);
record("Cumsum", ({ x }, { axis, exclusive, reverse }: { axis: number; exclusive: boolean; reverse: boolean }) => {
  const attributes = { ...indexed(x!, "Tidx"), exclusive: attribute.bool(exclusive), reverse: attribute.bool(reverse) };
  return r.tensor(
    r.emit("Cumsum", [r.node(x!), r.int(positive(axis, x!.shape.length))], attributes),
    x!.shape,
    x!.dtype,
  );
});
record("TopK", ({ x }, { k, sorted }: { k: number; sorted: boolean }) => {
  const attributes = {
    ...typed(x!),
    sorted: attribute.bool(sorted),
    Tk: attribute.type(INT32),
    index_type: attribute.type(INT32),
  };
  const node = r.emit("TopKV2", [r.node(x!), r.int(k)], attributes);
  const shape = x!.shape.with(-1, k);
  return [r.tensor(node, shape, x!.dtype), r.tensor(`${node}:1`, shape, "int32")];
});
record("AddN", (inputs) => {
  const parts = Object.values(inputs);
  const attributes = { ...typed(parts[0]!), N: attribute.int(parts.length) };
  return r.tensor(
    r.emit(
      "AddN",
      parts.map((part) => r.node(part)),
      attributes,
    ),
    parts[0]!.shape,
    parts[0]!.dtype,
  );
});

// This engine's own kernels; ../custom.ts has their eager side.
record("ToBfloat16", ({ x }) => r.tensor(cast(r.node(x!), r.dataType(x!), BFLOAT16), x!.shape, x!.dtype, BFLOAT16));
record("StackedBfloat16", (inputs) => {
  const parts = Object.values(inputs);
  const rows = parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  const attributes = { ...indexed(parts[0]!, "Tidx"), N: attribute.int(parts.length) };
  const nodes = [...parts.map((part) => r.node(part)), r.int(0)];
  return r.tensor(r.emit("ConcatV2", nodes, attributes), [rows, parts[0]!.shape[1]!], "float32", BFLOAT16);
});
record("Unpacked", ({ x }, { shifts, mask }: { shifts: number[]; mask: number }) => {
  const tall = reshape(x!, [x!.shape[0]!, 1]);
  const shifted = r.emit("RightShift", [r.node(tall), r.ints(shifts)], typed(x!));
  return r.tensor(r.emit("BitwiseAnd", [shifted, r.ints([mask])], typed(x!)), [x!.shape[0]!, shifts.length], "int32");
});
record("Barrier", ({ x, after }) => {
  const own = [r.node(x!), ...onlyAfter(r.node(after!))];
  return r.tensor(r.emit("Identity", own, typed(x!)), x!.shape, x!.dtype, r.dataType(x!));
});
record("TridiagonalSolve", ({ diagonals, right }) =>
  r.tensor(
    r.emit("TridiagonalSolve", [r.node(diagonals!), r.node(right!)], {
      ...typed(right!),
      partial_pivoting: attribute.bool(false),
    }),
    right!.shape,
    right!.dtype,
  ),
);
record("WriteRows", ({ x, at, rows }) =>
  r.tensor(r.emit("InplaceUpdate", [r.node(x!), r.node(at!), r.node(rows!)], typed(x!)), x!.shape, x!.dtype),
);
