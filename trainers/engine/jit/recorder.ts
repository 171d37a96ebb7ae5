// A tfjs backend that computes nothing: every kernel appends a node to a TensorFlow graph. Ordinary tf.* code, its tape gradient
// included, runs under it once; compile.ts turns what was recorded into a program.
import { createHash, type Hash } from "node:crypto";
import { BFLOAT16, BOOL, FLOAT, INT32, nodeBackend } from "../binding";
import { tf } from "../tensorflow";
import { type Argument, type Attributes, attribute, type GraphNode } from "./protobuf";

/** A tensor of the graph being recorded. */
interface Recorded {
  node: Node;
  dataType: number;
  /** Values that came from tfjs, until they are first used. */
  made?: Constant;
}

/** What an op reads: the output of another by its name, or a constant. */
export type Node = string | Constant;
interface Constant {
  dataType: number;
  shape: readonly number[];
  values: Typed;
}

export type Typed = Float32Array | Int32Array | Uint8Array;

/** A small constant. It is given to the program at each run like an input: sizes are such constants, and differ from batch to batch. */
export type Literal = Argument & Constant;
/** Elements of the largest. */
const literalSize = 16;

export interface Recording {
  nodes: GraphNode[];
  inputs: Argument[];
  literals: Literal[];
  /** Placeholders that are not inputs: tensors of the real backend that the function closed over. */
  captured: Map<string, tf.TensorInfo>;
}

const dataTypes: Partial<Record<tf.DataType, number>> = { float32: FLOAT, int32: INT32, bool: BOOL };

/** TensorFlow's type of a tfjs dtype. Throws on complex numbers and strings. */
export function dataTypeOf(dtype: tf.DataType): number {
  const dataType = dataTypes[dtype];
  if (dataType === undefined) throw new Error(`a compiled function cannot hold ${dtype} tensors`);
  return dataType;
}

const identities = new WeakMap<object, number>();
let identified = 0;
/** Tells objects apart. */
function identity(object: object): number {
  const known = identities.get(object) ?? identified++;
  identities.set(object, known);
  return known;
}

export class Recorder extends tf.KernelBackend {
  private data!: WeakMap<object, Recorded>;
  private known!: Map<string, string>;
  private named!: Map<object, string>;
  private ops!: Map<string, string>;
  private count!: number;
  private places!: number;
  private hash!: Hash;
  recording!: Recording;

  constructor() {
    super();
    this.reset();
  }

  reset(): void {
    this.data = new WeakMap();
    this.known = new Map();
    this.named = new Map();
    this.ops = new Map();
    this.count = 0;
    this.places = 0;
    this.hash = createHash("sha256");
    this.recording = { nodes: [], inputs: [], literals: [], captured: new Map() };
  }

  /** Names what was recorded, the values of literals apart: its ops, what it closed over, and the form of its `output`. */
  structure(output: string): string {
    for (const tensor of this.recording.captured.values()) this.hash.update(`|${identity(tensor)}`);
    return this.hash.update(output).digest("hex");
  }

  /** Appends a node, or returns the one that already computes the same. `outputs` are their names, for an op that protobuf.ts does not know. */
  emit(op: string, given: Node[], attributes: Attributes = {}, outputs?: string[]): string {
    const place = [op, ...given.map((input) => (typeof input === "string" ? this.ops.get(input) : ""))].join();
    const inputs = given.map((input, slot) => {
      if (typeof input === "string") return input;
      return input.values.length <= literalSize ? this.literal(input, `${place}/${slot}`) : this.large(input);
    });
    const content = Object.entries(attributes).map(([key, value]) => `${key}=${value.toString("latin1")}`);
    const key = [op, ...inputs, ...content].join("|");
    const existing = this.known.get(key);
    if (existing) return existing;
    const name = `n${this.count++}`;
    this.recording.nodes.push({ name, op, inputs, attributes, ...(outputs && { outputs }) });
    this.known.set(key, name);
    this.ops.set(name, op);
    this.hash.update(key);
    return name;
  }

  /** Equal values are one literal only where ops of one kind read them beside results of one kind: elsewhere a size may equal another by chance. */
  private literal({ dataType, shape, values }: Constant, place: string): string {
    const key = `${place}|${dataType}|${shape}|${values}`;
    const existing = this.known.get(key);
    if (existing) return existing;
    const name = `n${this.count++}`;
    this.recording.literals.push({ name, dataType, shape, values });
    this.known.set(key, name);
    return name;
  }

  /** Counts from 0 in each recording, so that recordings of one function stay alike: a place in the file of activations. */
  nextPlace(): number {
    return this.places++;
  }

  /** A value that is given at each run. */
  placeholder(dataType: number): string {
    const name = `n${this.count++}`;
    this.recording.inputs.push({ name, dataType });
    return name;
  }

  constant(dataType: number, shape: readonly number[], values: Typed): Constant {
    return { dataType, shape, values };
  }

  /** Values that tfjs makes by itself: where they are all the same, only their number may differ from batch to batch. */
  private filled({ dataType, shape, values }: Constant): Node {
    const same = shape.length > 0 && values.every((value) => value === values[0]);
    if (!same) return { dataType, shape, values };
    const value = this.constant(dataType, [], values.slice(0, 1));
    const attributes = { T: attribute.type(dataType), index_type: attribute.type(INT32) };
    return this.emit("Fill", [this.ints(shape), value], attributes);
  }

  private large({ dataType, shape, values }: Constant): string {
    const content = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const value = attribute.tensor(dataType, shape, content);
    return this.emit("Const", [], { dtype: attribute.type(dataType), value });
  }

  ints(values: readonly number[]): Constant {
    return this.constant(INT32, [values.length], Int32Array.from(values));
  }

  int(value: number): Constant {
    return this.constant(INT32, [], Int32Array.of(value));
  }

  /** A tfjs tensor that stands for `node`. */
  tensor(node: Node, shape: number[], dtype: tf.DataType, dataType = dataTypeOf(dtype)): tf.TensorInfo {
    const dataId = {};
    this.data.set(dataId, { node, dataType });
    return { dataId, shape, dtype };
  }

  /** The node behind a tensor: recorded here, a constant, or a tensor of the real backend, which becomes a captured placeholder. */
  node(tensor: tf.TensorInfo): Node {
    const own = this.data.get(tensor.dataId);
    if (!own) return this.capture(tensor);
    if (own.made) own.node = this.filled(own.made);
    delete own.made;
    return own.node;
  }

  /** A result. */
  output(tensor: tf.TensorInfo): Argument {
    const dataType = this.dataType(tensor);
    return { name: this.emit("Identity", [this.node(tensor)], { T: attribute.type(dataType) }), dataType };
  }

  /** TensorFlow's type of a tensor, which for bfloat16 is not what tfjs says. */
  dataType(tensor: tf.TensorInfo): number {
    const own = this.data.get(tensor.dataId);
    if (own) return own.dataType;
    return nodeBackend().tensorMap.get(tensor.dataId)?.dtype === BFLOAT16 ? BFLOAT16 : dataTypeOf(tensor.dtype);
  }

  private capture(tensor: tf.TensorInfo): string {
    const known = this.named.get(tensor.dataId);
    if (known) return known;
    const name = this.placeholder(this.dataType(tensor));
    this.named.set(tensor.dataId, name);
    this.recording.captured.set(name, tensor);
    return name;
  }

  // What tfjs asks of every backend.
  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    this.move(dataId, values, shape, dtype);
    return dataId;
  }
  override move(dataId: object, values: tf.BackendValues, shape: number[], dtype: tf.DataType): void {
    const numbers = values as Typed | number[];
    const dataType = dataTypeOf(dtype);
    const of = dtype === "float32" ? Float32Array : dtype === "int32" ? Int32Array : Uint8Array;
    this.data.set(dataId, { node: "", dataType, made: { dataType, shape, values: of.from(numbers) } });
  }
  override readSync(): tf.BackendValues {
    throw new Error(
      "a compiled function read a value (dataSync, data, print): return the tensor instead, and read it outside",
    );
  }
  override read(): Promise<tf.BackendValues> {
    return Promise.reject(
      new Error("a compiled function read a value: return the tensor instead, and read it outside"),
    );
  }
  override refCount = () => 1;
  override incRef = () => {};
  decRef = () => {};
  override disposeData = () => true;
  override numDataIds = () => 0;
  override floatPrecision = (): 32 => 32;
  override epsilon = () => 1e-7;
  override memory = () => ({ unreliable: true });
}

export const recorder = new Recorder();
tf.registerBackend("recorder", () => recorder, 0);
