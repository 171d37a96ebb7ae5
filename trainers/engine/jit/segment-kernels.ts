// Products by segments (../segments.ts) as the TensorFlow nodes that compute them.
import { BFLOAT16, FLOAT, INT32 } from "../binding";
import { productShape } from "../segments";
import { cast, record } from "./kernels";
import { attribute } from "./protobuf";
import { type Node, recorder as r } from "./recorder";

/** Rows cut by sizes that are known only when the graph runs. */
function segments(rows: Node, dataType: number, sizes: Node, E: number): string[] {
  const attributes = { T: attribute.type(dataType), Tlen: attribute.type(INT32), num_split: attribute.int(E) };
  return outputsOf(r.emit("SplitV", [rows, sizes, r.int(0)], attributes), E);
}

const outputsOf = (node: string, count: number) => Array.from({ length: count }, (_, i) => (i ? `${node}:${i}` : node));

function concatenated(parts: Node[]): Node {
  if (parts.length === 1) return parts[0]!;
  const attributes = { T: attribute.type(FLOAT), Tidx: attribute.type(INT32), N: attribute.int(parts.length) };
  return r.emit("ConcatV2", [...parts, r.int(0)], attributes);
}

const matMul = (a: Node, b: Node, dataType: number, transposeA: boolean, transposeB: boolean) =>
  r.emit("MatMul", [a, b], {
    T: attribute.type(dataType),
    transpose_a: attribute.bool(transposeA),
    transpose_b: attribute.bool(transposeB),
  });

record("SegmentProduct", ({ x, sizes, weight }, { transposed }: { transposed: boolean }) => {
  const E = sizes!.shape[0]!;
  const T = r.dataType(weight!) === BFLOAT16 ? BFLOAT16 : FLOAT;
  const parts = segments(cast(r.node(x!), r.dataType(x!), T), T, r.node(sizes!), E);
  const split = { T: attribute.type(T), num_split: attribute.int(E) };
  const matrices = outputsOf(r.emit("Split", [r.int(0), r.node(weight!)], split), E);
  const products = parts.map((part, e) => cast(matMul(part, matrices[e]!, T, false, transposed), T, FLOAT));
  return r.tensor(concatenated(products), productShape(x!, E, weight!, transposed), "float32");
});

record("SegmentOuter", ({ dy, x, sizes }) => {
  const E = sizes!.shape[0]!;
  const [left, right] = [dy!, x!].map((side) => segments(r.node(side), FLOAT, r.node(sizes!), E)) as [
    string[],
    string[],
  ];
  const products = left.map((part, e) => matMul(part, right[e]!, FLOAT, true, false));
  return r.tensor(concatenated(products), [E * dy!.shape[1]!, x!.shape[1]!], "float32");
});
