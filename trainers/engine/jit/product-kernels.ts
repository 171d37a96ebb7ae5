// Products of matrices in a graph, in float32 and bfloat16.
import { BFLOAT16, FLOAT } from "../binding";
import { roundsProducts } from "../processor";
import { tf } from "../tensorflow";
import { cast, record } from "./kernels";
import { attribute } from "./protobuf";
import { type Node, recorder as r } from "./recorder";

record("BatchMatMul", ({ a, b }, { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean }) =>
  product(a!, b!, transposeA, transposeB),
);
record("MatMulBfloat16", ({ x, weight }, { transposed }: { transposed: boolean }) =>
  product(x!, weight!, false, transposed),
);

/** a · b over the last two axes, as float32; in bfloat16 where either side is held so. */
function product(a: tf.TensorInfo, b: tf.TensorInfo, transposeA: boolean, transposeB: boolean): tf.TensorInfo {
  const isNarrow = [a, b].some((side) => r.dataType(side) === BFLOAT16);
  const held = isNarrow ? BFLOAT16 : r.dataType(a);
  const multiplied = isNarrow && !roundsProducts() ? FLOAT : held;
  const sides = [a, b].map((side) => cast(r.node(side), r.dataType(side), held)) as [Node, Node];
  const inputs = multiplied === held ? sides : widened(sides);
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const T = attribute.type(multiplied);
  const flat = a.shape.length === 2 && b.shape.length === 2;
  const node = flat
    ? r.emit("MatMul", inputs, { T, transpose_a: attribute.bool(transposeA), transpose_b: attribute.bool(transposeB) })
    : r.emit("BatchMatMulV2", inputs, { T, adj_x: attribute.bool(transposeA), adj_y: attribute.bool(transposeB) });
  const outer = flat ? [] : tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const product = isNarrow ? cast(cast(node, multiplied, BFLOAT16), BFLOAT16, FLOAT) : node;
  return r.tensor(product, [...outer, rows, columns], a.dtype);
}

/** Both as float32, each once the other is known: the weights of all layers at once would take twice the memory that they are held in. */
const widened = ([a, b]: [Node, Node]): Node[] => [cast(a, BFLOAT16, FLOAT, b), cast(b, BFLOAT16, FLOAT, a)];
