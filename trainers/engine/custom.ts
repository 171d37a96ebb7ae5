// The engine's own kernels, where tfjs has none: a product with a matrix held in bfloat16, an order between two computations,
// rows written in place, tridiagonal systems, parts of a number's bits, numbers drawn from a seed.
// Their recorded side is in jit/kernels.ts, of the first in jit/product-kernels.ts and of the last in jit/random-kernels.ts.
import { BFLOAT16, FLOAT, INT32, nodeBackend } from "./binding";
import { roundsProducts } from "./processor";
import { tf } from "./tensorflow";

/** A copy of `x` held in bfloat16, half the memory. tfjs takes it for float32: only `matMulBfloat16` may use it. Owned by the caller. */
export function toBfloat16<T extends tf.Tensor>(x: T): T {
  return tf.engine().runKernel("ToBfloat16", { x }) as T;
}

/** Parts of the bits of each number, one number each: x >> shift & mask for every shift. x [N] int32 → [N, shifts] int32 */
export function unpacked(x: tf.Tensor1D, shifts: number[], mask: number): tf.Tensor2D {
  return tf.engine().runKernel("Unpacked", { x }, { shifts, mask });
}

/** x W, or x Wᵀ where `transposed`, with W from `toBfloat16`: x is rounded to bfloat16, the sum accumulates in float32. */
export function matMulBfloat16(x: tf.Tensor2D, weight: tf.Tensor2D, transposed: boolean): tf.Tensor2D {
  return tf.engine().runKernel("MatMulBfloat16", { x, weight }, { transposed });
}

/** Matrices from `toBfloat16`, one below the other. */
export function stackedBfloat16(parts: tf.Tensor2D[]): tf.Tensor2D {
  const inputs = Object.fromEntries(parts.map((part, i) => [`x${i}`, part]));
  return tf.engine().runKernel("StackedBfloat16", inputs) as tf.Tensor2D;
}

/** `x`, computed again rather than kept: a compiled graph starts what depends on it only after `after` is known. */
export function barrier<T extends tf.Tensor>(x: T, after: tf.Tensor): T {
  return tf.engine().runKernel("Barrier", { x, after }) as T;
}

/** `x` with rows `at` replaced by `rows`. A compiled graph writes into x itself, which holds nothing else afterwards. */
export function writeRows(x: tf.Tensor2D, at: tf.Tensor1D, rows: tf.Tensor2D): tf.Tensor2D {
  return tf.engine().runKernel("WriteRows", { x, at, rows });
}

/** X where M X = `right` [B, T, K] and M [B, T, T] has `diagonals` [B, 3, T], the upper one first; solved row after row, without pivots. */
export function tridiagonalSolve(diagonals: tf.Tensor3D, right: tf.Tensor3D): tf.Tensor3D {
  return tf.engine().runKernel("TridiagonalSolve", { diagonals, right });
}

/** Uniform numbers in [0, 1) by Philox: the same for the same seed and shape, wherever and how often they are drawn. seed [2] int32 */
export function uniform(shape: number[], seed: tf.Tensor1D): tf.Tensor {
  return tf.engine().runKernel("Uniform", { seed }, { shape });
}

tf.registerKernel({
  kernelName: "Uniform",
  backendName: "tensorflow",
  kernelFunc: ({ inputs, attrs }) => {
    const backend = nodeBackend();
    const { binding } = backend;
    const { shape } = attrs as unknown as { shape: number[] };
    const size = binding.createTensor([shape.length], INT32, Int32Array.from(shape));
    const [seed] = backend.getInputTensorIds([inputs.seed!]) as [number];
    const types = Object.entries({ dtype: FLOAT, T: INT32, Tseed: INT32 });
    const attributes = types.map(([name, value]) => ({ name, type: binding.TF_ATTR_TYPE, value }));
    const drawn = binding.executeOp("StatelessRandomUniform", attributes, [size, seed], 1)[0]!;
    binding.deleteTensor(size);
    return backend.createOutputTensor(drawn);
  },
});

tf.registerKernel({
  kernelName: "TridiagonalSolve",
  backendName: "tensorflow",
  kernelFunc: ({ inputs }) => {
    const backend = nodeBackend();
    const { binding } = backend;
    const ids = backend.getInputTensorIds([inputs.diagonals!, inputs.right!]);
    const attributes = [
      { name: "T", type: binding.TF_ATTR_TYPE, value: FLOAT },
      { name: "partial_pivoting", type: binding.TF_ATTR_BOOL, value: false },
    ];
    return backend.createOutputTensor(binding.executeOp("TridiagonalSolve", attributes, ids, 1)[0]!);
  },
});

tf.registerKernel({
  kernelName: "WriteRows",
  backendName: "tensorflow",
  kernelFunc: ({ inputs }) => {
    const backend = nodeBackend();
    const { binding } = backend;
    const [x, at, rows] = backend.getInputTensorIds([inputs.x!, inputs.at!, inputs.rows!]) as [number, number, number];
    const T = [{ name: "T", type: binding.TF_ATTR_TYPE, value: FLOAT }];
    const copy = binding.executeOp("DeepCopy", T, [x], 1)[0]!.id;
    const written = binding.executeOp("InplaceUpdate", T, [copy, at, rows], 1)[0]!;
    binding.deleteTensor(copy);
    return backend.createOutputTensor(written);
  },
});

tf.registerKernel({
  kernelName: "Barrier",
  backendName: "tensorflow",
  kernelFunc: ({ inputs }) => tf.engine().runKernel("Identity", { x: inputs.x as tf.Tensor }),
});

tf.registerKernel({
  kernelName: "ToBfloat16",
  backendName: "tensorflow",
  kernelFunc: ({ inputs }) => {
    const backend = nodeBackend();
    const { shape } = inputs.x!;
    const id = cast(backend.getInputTensorIds([inputs.x!])[0]!, FLOAT, BFLOAT16);
    const dataId = {};
    backend.tensorMap.set(dataId, { shape, dtype: BFLOAT16, id, values: null, refCount: 1 });
    return { dataId, shape, dtype: "float32" };
  },
});

tf.registerKernel({
  kernelName: "StackedBfloat16",
  backendName: "tensorflow",
  kernelFunc: ({ inputs }) => {
    const backend = nodeBackend();
    const { binding } = backend;
    const parts = Object.values(inputs) as tf.TensorInfo[];
    const axis = binding.createTensor([], INT32, Int32Array.of(0));
    const attributes = [
      { name: "T", type: binding.TF_ATTR_TYPE, value: BFLOAT16 },
      { name: "Tidx", type: binding.TF_ATTR_TYPE, value: INT32 },
      { name: "N", type: binding.TF_ATTR_INT, value: parts.length },
    ];
    const ids = [...backend.getInputTensorIds(parts), axis];
    const { id, shape } = binding.executeOp("ConcatV2", attributes, ids, 1)[0]!;
    binding.deleteTensor(axis);
    const dataId = {};
    backend.tensorMap.set(dataId, { shape, dtype: BFLOAT16, id, values: null, refCount: 1 });
    return { dataId, shape, dtype: "float32" };
  },
});

tf.registerKernel({
  kernelName: "Unpacked",
  backendName: "tensorflow",
  kernelFunc: ({ inputs, attrs }) => {
    const backend = nodeBackend();
    const { binding } = backend;
    const { shifts, mask } = attrs as unknown as { shifts: number[]; mask: number };
    const T = [{ name: "T", type: binding.TF_ATTR_TYPE, value: INT32 }];
    const [x] = backend.getInputTensorIds([inputs.x!]) as [number];
    const constants = [Int32Array.from(shifts), Int32Array.of(mask), Int32Array.of(-1, 1)];
    const [by, and, column] = constants.map((values) => binding.createTensor([values.length], INT32, values)) as [
      number,
      number,
      number,
    ];
    const indexed = [...T, { name: "Tshape", type: binding.TF_ATTR_TYPE, value: INT32 }];
    const tall = binding.executeOp("Reshape", indexed, [x, column], 1)[0]!.id;
    const shifted = binding.executeOp("RightShift", T, [tall, by], 1)[0]!.id;
    const parts = binding.executeOp("BitwiseAnd", T, [shifted, and], 1)[0]!;
    for (const id of [by, and, column, tall, shifted]) binding.deleteTensor(id);
    return backend.createOutputTensor(parts);
  },
});

tf.registerKernel({
  kernelName: "MatMulBfloat16",
  backendName: "tensorflow",
  kernelFunc: ({ inputs, attrs }) => {
    const backend = nodeBackend();
    const { binding } = backend;
    const [x, weight] = backend.getInputTensorIds([inputs.x!, inputs.weight!]) as [number, number];
    const made: number[] = [];
    const as = (id: number, from: number, to: number): number => {
      made.push(cast(id, from, to));
      return made.at(-1)!;
    };
    const narrow = [as(x, FLOAT, BFLOAT16), weight];
    const isWide = !roundsProducts();
    const attributes = [
      { name: "T", type: binding.TF_ATTR_TYPE, value: isWide ? FLOAT : BFLOAT16 },
      { name: "transpose_a", type: binding.TF_ATTR_BOOL, value: false },
      { name: "transpose_b", type: binding.TF_ATTR_BOOL, value: attrs?.transposed as unknown as boolean },
    ];
    const factors = isWide ? narrow.map((id) => as(id, BFLOAT16, FLOAT)) : narrow;
    const product = binding.executeOp("MatMul", attributes, factors, 1)[0]!;
    made.push(product.id);
    const wide = cast(isWide ? as(product.id, FLOAT, BFLOAT16) : product.id, BFLOAT16, FLOAT);
    for (const id of made) binding.deleteTensor(id);
    return backend.createOutputTensor({ id: wide, shape: product.shape, dtype: FLOAT });
  },
});

function cast(id: number, from: number, to: number): number {
  const { binding } = nodeBackend();
  const attributes = [
    { name: "SrcT", type: binding.TF_ATTR_TYPE, value: from },
    { name: "DstT", type: binding.TF_ATTR_TYPE, value: to },
    { name: "Truncate", type: binding.TF_ATTR_BOOL, value: false },
  ];
  return binding.executeOp("Cast", attributes, [id], 1)[0]!.id;
}
