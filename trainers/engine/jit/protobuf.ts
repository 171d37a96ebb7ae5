// The part of TensorFlow's protocol buffers that a graph needs, written by hand: GraphDef, NodeDef, AttrValue, TensorProto.
// Field numbers are those of tensorflow/core/framework/*.proto and core/protobuf/saved_model.proto.

const graphDefVersion = 1882;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const number = (field: number, value: number) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field: number, content: Buffer) =>
  Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
const text = (field: number, content: string) => bytes(field, Buffer.from(content));
const shapeProto = (shape: readonly number[]) => Buffer.concat(shape.map((size) => bytes(2, number(1, size))));

/** Encoded values of a node's attributes. */
export const attribute = {
  type: (dataType: number) => number(6, dataType),
  bool: (value: boolean) => number(5, value ? 1 : 0),
  int: (value: number) => number(3, value),
  float: (value: number) => Buffer.concat([varint((4 << 3) | 5), Buffer.from(Float32Array.of(value).buffer)]),
  shape: (shape: readonly number[]) => bytes(7, shapeProto(shape)),
  tensor: (dataType: number, shape: readonly number[], content: Buffer) =>
    bytes(8, Buffer.concat([number(1, dataType), bytes(2, shapeProto(shape)), bytes(4, content)])),
};

export type Attributes = Record<string, Buffer>;

/** One NodeDef. Inputs are `name`, `name:output` or, for an order without data, `^name`. */
export function encodeNode(name: string, op: string, inputs: string[], attributes: Attributes): Buffer {
  return Buffer.concat([
    text(1, name),
    text(2, op),
    ...inputs.map((input) => text(3, input)),
    ...Object.entries(attributes).map(([key, value]) => bytes(5, Buffer.concat([text(1, key), bytes(2, value)]))),
  ]);
}

/** A SavedModel with one graph under the tag `serve`. */
export function encodeSavedModel(nodes: Buffer[]): Buffer {
  const versions = bytes(4, number(1, graphDefVersion));
  const graph = Buffer.concat([...nodes.map((node) => bytes(1, node)), versions]);
  const metaGraph = Buffer.concat([bytes(1, text(4, "serve")), bytes(2, graph)]);
  return Buffer.concat([number(1, 1), bytes(2, metaGraph)]);
}
