// The engine's own kernels, where tfjs has none: a product with a matrix held in bfloat16, an order between two computations,
// rows written in place.
// Their recorded side is in jit/kernels.ts.
import { BFLOAT16, FLOAT, nodeBackend } from "./binding";
import { tf } from "./tensorflow";

/** A copy of `x` held in bfloat16, half the memory. tfjs takes it for float32: only `matMulBfloat16` may use it. Owned by the caller. */
export function toBfloat16<T extends tf.Tensor>(x: T): T {
  const backend = nodeBackend();
  const id = cast(backend.getInputTensorIds([x])[0]!, FLOAT, BFLOAT16);
  const dataId = {};
  backend.tensorMap.set(dataId, { shape: x.shape, dtype: BFLOAT16, id, values: null, refCount: 1 });
  return tf.engine().makeTensorFromTensorInfo({ dataId, shape: x.shape, dtype: "float32" }) as T;
}

/** x W, or x Wᵀ where `transposed`, with W from `toBfloat16`: x is rounded to bfloat16, the sum accumulates in float32. */
export function matMulBfloat16(x: tf.Tensor2D, weight: tf.Tensor2D, transposed: boolean): tf.Tensor2D {
  return tf.engine().runKernel("MatMulBfloat16", { x, weight }, { transposed });
}

/** `x`, computed again rather than kept: a compiled graph starts what depends on it only after `after` is known. */
export function barrier<T extends tf.Tensor>(x: T, after: tf.Tensor): T {
  return tf.engine().runKernel("Barrier", { x, after }) as T;
}

/** `x` with rows `at` replaced by `rows`. A compiled graph writes into x itself, which holds nothing else afterwards. */
export function writeRows(x: tf.Tensor2D, at: tf.Tensor1D, rows: tf.Tensor2D): tf.Tensor2D {
  return tf.engine().runKernel("WriteRows", { x, at, rows });
}

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
  kernelName: "MatMulBfloat16",
  backendName: "tensorflow",
  kernelFunc: ({ inputs, attrs }) => {
    const backend = nodeBackend();
    const { binding } = backend;
    const [x, weight] = backend.getInputTensorIds([inputs.x!, inputs.weight!]) as [number, number];
    const narrow = cast(x, FLOAT, BFLOAT16);
    const attributes = [
      { name: "T", type: binding.TF_ATTR_TYPE, value: BFLOAT16 },
      { name: "transpose_a", type: binding.TF_ATTR_BOOL, value: false },
      { name: "transpose_b", type: binding.TF_ATTR_BOOL, value: attrs?.transposed as unknown as boolean },
    ];
    const product = binding.executeOp("MatMul", attributes, [narrow, weight], 1)[0]!;
    const wide = cast(product.id, BFLOAT16, FLOAT);
    binding.deleteTensor(narrow);
    binding.deleteTensor(product.id);
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
