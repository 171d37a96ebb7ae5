// The few parts of tfjs-node's backend that its types leave out: raw tensor handles, single ops, sessions.
import { tf } from "./tensorflow";

export interface NodeBackend {
  binding: Binding;
  isUsingGpuDevice: boolean;
  /** TensorFlow's handles of tensors, uploaded first where their values still lie in JavaScript. */
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(metadata: OutputMetadata): tf.Tensor;
  tensorMap: {
    get(dataId: object): { dtype: number } | undefined;
    set(dataId: object, data: { shape: number[]; dtype: number; id: number; values: null; refCount: number }): void;
  };
}

export interface Binding {
  TF_Version: string;
  TF_ATTR_TYPE: number;
  TF_ATTR_INT: number;
  TF_ATTR_FLOAT: number;
  TF_ATTR_BOOL: number;
  executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): OutputMetadata[];
  createTensor(shape: number[], dtype: number, values: Float32Array | Int32Array | Uint8Array): number;
  deleteTensor(id: number): void;
  getNumOfTensors(): number;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(session: number): void;
  runSavedModel(session: number, inputs: number[], inputNames: string, outputNames: string): OutputMetadata[];
}

export interface Attribute {
  name: string;
  type: number;
  value: number | boolean;
}

export interface OutputMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** TensorFlow's DataType. */
export const FLOAT = 1;
export const INT32 = 3;
export const BOOL = 10;
export const BFLOAT16 = 14;

/** tfjs-node's own backend, also while another one records. */
export const nodeBackend = () => tf.findBackend("tensorflow") as unknown as NodeBackend;
