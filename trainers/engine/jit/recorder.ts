// A tfjs backend that computes nothing: every kernel appends a node to a TensorFlow graph. Ordinary tf.* code, its tape gradient
// included, runs under it once; compile.ts turns what was recorded into a program.
import { BFLOAT16, BOOL, FLOAT, INT32, nodeBackend } from "../binding";
import { tf } from "../tensorflow";
import { type Attributes, attribute, encodeNode } from "./protobuf";

/** A tensor of the graph being recorded. */
interface Recorded {
  /** Name of the node's output; empty until a constant is first used. */
  node: string;
  dataType: number;
  constant?: tf.BackendValues;
}

type Typed = Float32Array | Int32Array | Uint8Array;

export interface Recording {
  nodes: Buffer[];
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

export class Recorder extends tf.KernelBackend {
  private data!: WeakMap<object, Recorded>;
  private known!: Map<string, string>;
  private named!: Map<object, string>;
  private count!: number;
  recording!: Recording;

  constructor() {
    super();
    this.reset();
  }

  reset(): void {
    this.data = new WeakMap();
    this.known = new Map();
    this.named = new Map();
    this.count = 0;
    this.recording = { nodes: [], captured: new Map() };
  }

  /** Appends a node, or returns the one that already computes the same. */
  emit(op: string, inputs: string[], attributes: Attributes = {}): string {
    const content = Object.entries(attributes).map(([key, value]) => `${key}=${value.toString("latin1")}`);
    const key = [op, ...inputs, ...content].join("|");
    const existing = this.known.get(key);
    if (existing) return existing;
    const name = `n${this.count++}`;
    this.recording.nodes.push(encodeNode(name, op, inputs, attributes));
    this.known.set(key, name);
    return name;
  }

  /** A value that is given at each run. */
  placeholder(shape: readonly number[], dataType: number): string {
    const name = `n${this.count++}`;
    const attributes = { dtype: attribute.type(dataType), shape: attribute.shape(shape) };
    this.recording.nodes.push(encodeNode(name, "Placeholder", [], attributes));
    return name;
  }

  constant(dataType: number, shape: readonly number[], values: Typed): string {
    const content = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    return this.emit("Const", [], {
      dtype: attribute.type(dataType),
      value: attribute.tensor(dataType, shape, content),
    });
  }

  ints(values: readonly number[]): string {
    return this.constant(INT32, [values.length], Int32Array.from(values));
  }

  int(value: number): string {
    return this.constant(INT32, [], Int32Array.of(value));
  }

  /** A tfjs tensor that stands for `node`. */
  tensor(node: string, shape: number[], dtype: tf.DataType, dataType = dataTypeOf(dtype)): tf.TensorInfo {
    const dataId = {};
    this.data.set(dataId, { node, dataType });
    return { dataId, shape, dtype };
  }

  /** The node behind a tensor: recorded here, a constant, or a tensor of the real backend, which becomes a captured placeholder. */
  node(tensor: tf.TensorInfo): string {
    const own = this.data.get(tensor.dataId);
    if (!own) return this.capture(tensor);
    if (own.constant) {
      own.node = this.constantNode(tensor, own);
      delete own.constant;
    }
    return own.node;
  }

  /** The name under which a result is fetched; TensorFlow refuses to fetch what is fed, so that gets a node of its own. */
  output(tensor: tf.TensorInfo): string {
    const name = this.emit("Identity", [this.node(tensor)], { T: attribute.type(this.dataType(tensor)) });
    return `${name}:0`;
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
    const name = this.placeholder(tensor.shape, this.dataType(tensor));
    this.named.set(tensor.dataId, name);
    this.recording.captured.set(name, tensor);
    return name;
  }

  private constantNode({ shape, dtype }: tf.TensorInfo, { dataType, constant }: Recorded): string {
    const values = constant as Typed | number[];
    const typed =
      dtype === "float32"
        ? Float32Array.from(values)
        : dtype === "int32"
          ? Int32Array.from(values)
          : Uint8Array.from(values);
    return this.constant(dataType, shape, typed);
  }

  // What tfjs asks of every backend.
  override write(values: tf.BackendValues, _shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    this.data.set(dataId, { node: "", dataType: dataTypeOf(dtype), constant: values });
    return dataId;
  }
  override move(dataId: object, values: tf.BackendValues, _shape: number[], dtype: tf.DataType): void {
    this.data.set(dataId, { node: "", dataType: dataTypeOf(dtype), constant: values });
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
