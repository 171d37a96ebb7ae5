// Products of rows that lie sorted by the matrix that they are multiplied with: segment e of the rows with matrix e of a stack. The work is that
// of the rows, not of rows times matrices. Segments may be empty; their sizes are values, so that a compiled graph holds for every routing.
// The recorded side is in jit/segment-kernels.ts.
import { BFLOAT16, FLOAT, INT32, nodeBackend } from "./binding";
import { tf } from "./tensorflow";

/** Row by row x Wᵀ with the W of its segment, or x W where not `transposed`. x [M, in], sizes [E] int32, weight [E · out, in] → [M, out] */
export const segmentProduct = (
  x: tf.Tensor2D,
  sizes: tf.Tensor1D,
  weight: tf.Tensor2D,
  transposed: boolean,
): tf.Tensor2D => tf.engine().runKernel("SegmentProduct", { x, sizes, weight }, { transposed });

/** dyᵀ x of each segment, one below the other: the gradient of the stack. dy [M, out], x [M, in] → [E · out, in] */
export const segmentOuter = (dy: tf.Tensor2D, x: tf.Tensor2D, sizes: tf.Tensor1D): tf.Tensor2D =>
  tf.engine().runKernel("SegmentOuter", { dy, x, sizes });

/** Shape of the product. */
export const productShape = (x: tf.TensorInfo, E: number, weight: tf.TensorInfo, transposed: boolean) =>
  [x.shape[0]!, transposed ? weight.shape[0]! / E : weight.shape[1]!] as [number, number];

/** Ops on raw handles; all but the result are freed. */
function computed(compute: (op: typeof execute) => number): { id: number; dtype: number } {
  const { binding } = nodeBackend();
  const made: number[] = [];
  const id = compute((name, types, numbers, inputs, outputs = 1) => {
    const ids = execute(name, types, numbers, inputs, outputs);
    made.push(...ids);
    return ids;
  });
  for (const other of made) if (other !== id) binding.deleteTensor(other);
  return { id, dtype: FLOAT };
}

function execute(
  name: string,
  types: Record<string, number>,
  others: Record<string, number | boolean>,
  inputs: number[],
  outputs = 1,
): number[] {
  const { binding } = nodeBackend();
  const attributes = [
    ...Object.entries(types).map(([name, value]) => ({ name, type: binding.TF_ATTR_TYPE, value })),
    ...Object.entries(others).map(([name, value]) => ({
      name,
      type: typeof value === "boolean" ? binding.TF_ATTR_BOOL : binding.TF_ATTR_INT,
      value,
    })),
  ];
  return binding.executeOp(name, attributes, inputs, outputs).map(({ id }) => id);
}

function inSegments(
  name: string,
  shape: [number, number],
  E: number,
  compute: (op: typeof execute, zero: number) => number[],
): tf.TensorInfo {
  const backend = nodeBackend();
  const zero = backend.binding.createTensor([], INT32, Int32Array.of(0));
  const result = computed((op) => {
    const parts = compute(op, zero);
    if (parts.length !== E) throw new Error(`${name} made ${parts.length} of ${E} segments`);
    return op("ConcatV2", { T: FLOAT, Tidx: INT32 }, { N: E }, [...parts, zero])[0]!;
  });
  backend.binding.deleteTensor(zero);
  return backend.createOutputTensor({ ...result, shape });
}

tf.registerKernel({
  kernelName: "SegmentProduct",
  backendName: "tensorflow",
  kernelFunc({ inputs, attrs }) {
    const { x, sizes, weight } = inputs as Record<"x" | "sizes" | "weight", tf.TensorInfo>;
    const transposed = attrs?.transposed as unknown as boolean;
    const backend = nodeBackend();
    const E = sizes.shape[0]!;
    const [rows, lengths, stack] = backend.getInputTensorIds([x, sizes, weight]) as [number, number, number];
    const T = backend.tensorMap.get(weight.dataId)!.dtype === BFLOAT16 ? BFLOAT16 : FLOAT;
    return inSegments("SegmentProduct", productShape(x, E, weight, transposed), E, (op, zero) => {
      const cast = (id: number, from: number, to: number) =>
        from === to ? id : op("Cast", { SrcT: from, DstT: to }, { Truncate: false }, [id])[0]!;
      const parts = op("SplitV", { T, Tlen: INT32 }, { num_split: E }, [cast(rows, FLOAT, T), lengths, zero], E);
      const matrices = op("Split", { T }, { num_split: E }, [zero, stack], E);
      return parts.map((part, e) =>
        cast(op("MatMul", { T }, { transpose_a: false, transpose_b: transposed }, [part, matrices[e]!])[0]!, T, FLOAT),
      );
    });
  },
});

tf.registerKernel({
  kernelName: "SegmentOuter",
  backendName: "tensorflow",
  kernelFunc({ inputs }) {
    const { dy, x, sizes } = inputs as Record<"dy" | "x" | "sizes", tf.TensorInfo>;
    const E = sizes.shape[0]!;
    const [left, right, lengths] = nodeBackend().getInputTensorIds([dy, x, sizes]) as [number, number, number];
    return inSegments("SegmentOuter", [E * dy.shape[1]!, x.shape[1]!], E, (op, zero) => {
      const [a, b] = [left, right].map((id) =>
        op("SplitV", { T: FLOAT, Tlen: INT32 }, { num_split: E }, [id, lengths, zero], E),
      ) as [number[], number[]];
      return a.map(
        (part, e) => op("MatMul", { T: FLOAT }, { transpose_a: true, transpose_b: false }, [part, b[e]!])[0]!,
      );
    });
  },
});
