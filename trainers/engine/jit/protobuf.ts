// The part of TensorFlow's protocol buffers that a graph needs, written by hand: GraphDef, FunctionDef, NodeDef, AttrValue, TensorProto.
// Field numbers are those of tensorflow/core/framework/*.proto and core/protobuf/saved_model.proto.

const graphDefVersion = 1882;

function varint(value: number): Buffer {
  if (value >= 0 && value < 128) return Buffer.of(value);
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
  bytes: (value: Buffer) => bytes(2, value),
  types: (dataTypes: readonly number[]) => bytes(1, Buffer.concat(dataTypes.map((dataType) => number(6, dataType)))),
  function: (name: string) => bytes(10, text(1, name)),
  tensor: (dataType: number, shape: readonly number[], content: Buffer) =>
    bytes(8, Buffer.concat([number(1, dataType), bytes(2, shapeProto(shape)), bytes(4, content)])),
};

export type Attributes = Record<string, Buffer>;

/** A node of a graph. Inputs are `name`, `name:output` or, for an order without data, `^name`. */
export interface GraphNode {
  name: string;
  op: string;
  inputs: string[];
  attributes: Attributes;
  /** Names of its outputs, where the op is not one of TensorFlow's. */
  outputs?: string[];
}

/** A value that a function takes or gives. */
export interface Argument {
  name: string;
  dataType: number;
}

const encodeNode = ({ name, op, inputs, attributes }: GraphNode) =>
  Buffer.concat([
    text(1, name),
    text(2, op),
    ...inputs.map((input) => text(3, input)),
    ...Object.entries(attributes).map(([key, value]) => entry(5, key, value)),
  ]);

const entry = (field: number, key: string, value: Buffer) =>
  bytes(field, Buffer.concat([text(1, key), bytes(2, value)]));

/** How an op calls its outputs where that is not `output`: within a function they are known by name. */
const outputNames: Record<string, string[]> = Object.fromEntries(
  [
    ["z", "AddV2 Sub Mul RealDiv FloorDiv FloorMod Maximum Minimum Pow SquaredDifference BitwiseAnd RightShift"],
    ["z", "Equal NotEqual Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr"],
    ["y", "LogicalNot Neg Abs Sign Square Sqrt Rsqrt Exp Expm1 Log Log1p Sigmoid Tanh Erf Floor Ceil Round Sin Cos"],
    ["y", "Reciprocal ZerosLike OnesLike IsNan Cast Transpose InplaceUpdate"],
    ["activations", "Relu Elu Softplus"],
    ["product", "MatMul"],
    ["softmax", "Softmax"],
    ["logsoftmax", "LogSoftmax"],
    ["out", "Cumsum"],
    ["sum", "AddN"],
    ["values indices", "TopKV2"],
  ].flatMap(([names, ops]) => ops!.split(" ").map((op) => [op, names!.split(" ")])),
);

function encodeFunction(name: string, nodes: GraphNode[], inputs: Argument[], outputs: Argument[]): Buffer {
  const names = new Map(nodes.map((node) => [node.name, node.outputs ?? outputNames[node.op] ?? ["output"]]));
  const argument = (field: number, name: string, dataType: number) =>
    bytes(field, Buffer.concat([text(1, name), number(3, dataType)]));
  const reference = (input: string) => {
    const [from, index = "0"] = input.split(":") as [string, string?];
    const outputs = names.get(from);
    if (!outputs) return input;
    const name = outputs[Number(index)];
    return name ? `${from}:${name}:0` : `${from}:${outputs[0]}:${index}`; // the second: of an op whose one output is a list
  };
  const signature = Buffer.concat([
    text(1, name),
    ...inputs.map((input) => argument(2, input.name, input.dataType)),
    ...outputs.map(({ dataType }, i) => argument(3, `out${i}`, dataType)),
  ]);
  return Buffer.concat([
    bytes(1, signature),
    ...nodes.map((node) => bytes(3, encodeNode({ ...node, inputs: node.inputs.map(reference) }))),
    ...outputs.map(({ name }, i) => bytes(4, Buffer.concat([text(1, `out${i}`), text(2, reference(name))]))),
    entry(5, "_noinline", attribute.bool(true)),
    entry(5, "_tf_data_function", attribute.bool(true)),
  ]);
}

/** ConfigProto.graph_options.rewrite_options.disable_meta_optimizer */
const unoptimised = bytes(10, bytes(10, number(19, 1)));

/**
 * A SavedModel under the tag `serve` whose graph is one call of a function: `inputs:0`, `inputs:1`, … are fed, `call:0`, `call:1`, … fetched.
 * TensorFlow's graph optimiser, which would take seconds for what the recorder has done already, passes by graphs of fewer than four nodes;
 * so one node stands for all inputs (it is fed and never runs), and the function says itself that it is not to be optimised.
 */
export function encodeSavedModel(nodes: GraphNode[], inputs: Argument[], outputs: Argument[]): Buffer {
  const types = (of: Argument[]) => attribute.types(of.map(({ dataType }) => dataType));
  const given: GraphNode = { name: "inputs", op: "Unstage", inputs: [], attributes: { dtypes: types(inputs) } };
  const call: GraphNode = {
    name: "call",
    op: "StatefulPartitionedCall",
    inputs: inputs.map((_, i) => `inputs:${i}`),
    attributes: {
      Tin: types(inputs),
      Tout: types(outputs),
      f: attribute.function("program"),
      config_proto: attribute.bytes(unoptimised),
    },
  };
  const graph = Buffer.concat([
    ...(inputs.length === 0 ? [call] : [given, call]).map((node) => bytes(1, encodeNode(node))),
    bytes(2, bytes(1, encodeFunction("program", nodes, inputs, outputs))),
    bytes(4, number(1, graphDefVersion)),
  ]);
  const metaGraph = Buffer.concat([bytes(1, text(4, "serve")), bytes(2, graph)]);
  return Buffer.concat([number(1, 1), bytes(2, metaGraph)]);
}
