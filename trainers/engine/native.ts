// The project's own TensorFlow ops (native/), where set-up could compile them: they work on the processor's vector units, and never on a GPU.
// The plain tf.* code that an op replaces stays: it runs everywhere else, and the tests compare the two.
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { nativeSetting } from "../../common/env";
import { type Attribute, nodeBackend } from "./binding";
import { attribute } from "./jit/protobuf";
import { dataTypeOf, recorder } from "./jit/recorder";
import { tf } from "./tensorflow";

const file = join(import.meta.dirname, "../../node_modules/.workbench/ops.node"); // see scripts/setup/native-ops.mjs

/** Whether the ops are there. WORKBENCH_NATIVE=off does without them. */
export const native = (): boolean => nativeSetting() !== "off" && load();

let loaded: boolean | undefined;
function load(): boolean {
  if (loaded !== undefined) return loaded;
  loaded = existsSync(file) && !nodeBackend().isUsingGpuDevice; // the backend first: the ops register in its TensorFlow
  if (loaded) process.dlopen({ exports: {} }, file, constants.dlopen.RTLD_NOW);
  return loaded;
}

/** An attribute of an op. */
type Value = { int: number } | { float: number } | { type: number };

interface Output {
  /** As native/ calls it. */
  name: string;
  shape: number[];
  dtype: tf.DataType;
  /** TensorFlow's type where it is not tfjs's: bfloat16, which tfjs takes for float32. */
  dataType?: number;
}

/** Declares an op of native/ once for both ways to run it: as a node of a compiled function, and at once. Returns how it is called. */
export function nativeOp<Options>(
  name: string,
  signature: (options: Options, shapes: number[][]) => { attributes: Record<string, Value>; outputs: Output[] },
): (inputs: tf.Tensor[], options: Options) => tf.Tensor[] {
  const given = (inputs: object) => Object.values(inputs) as tf.TensorInfo[];
  const of = (inputs: object, attrs: object | undefined) =>
    signature(
      attrs as Options,
      given(inputs).map(({ shape }) => shape),
    );
  tf.registerKernel({
    kernelName: name,
    backendName: "recorder",
    kernelFunc: ({ inputs, attrs }) => {
      const { attributes, outputs } = of(inputs, attrs);
      const encoded = Object.entries(attributes).map(([key, value]) => [key, encode(value)]);
      const nodes = given(inputs).map((tensor) => recorder.node(tensor));
      const names = outputs.map((output) => output.name);
      const node = recorder.emit(name, nodes, Object.fromEntries(encoded), names);
      return outputs.map(({ shape, dtype, dataType }, i) =>
        recorder.tensor(i === 0 ? node : `${node}:${i}`, shape, dtype, dataType ?? dataTypeOf(dtype)),
      );
    },
  });
  tf.registerKernel({
    kernelName: name,
    backendName: "tensorflow",
    kernelFunc: ({ inputs, attrs }) => {
      const backend = nodeBackend();
      const { attributes, outputs } = of(inputs, attrs);
      const values = Object.entries(attributes).map(([key, value]) => eager(key, value));
      const ids = backend.getInputTensorIds(given(inputs));
      return backend.binding.executeOp(name, values, ids, outputs.length).map(({ id, shape, dtype }, i) => {
        const dataId = {};
        backend.tensorMap.set(dataId, { shape, dtype, id, values: null, refCount: 1 });
        return { dataId, shape, dtype: outputs[i]!.dtype };
      });
    },
  });
  return (inputs, options) =>
    tf
      .engine()
      .runKernel(
        name,
        Object.fromEntries(inputs.map((tensor, i) => [`x${i}`, tensor])),
        options as unknown as tf.NamedAttrMap,
      ) as unknown as tf.Tensor[];
}

function encode(value: Value): Buffer {
  if ("int" in value) return attribute.int(value.int);
  return "float" in value ? attribute.float(value.float) : attribute.type(value.type);
}

function eager(name: string, value: Value): Attribute {
  const { binding } = nodeBackend();
  if ("int" in value) return { name, type: binding.TF_ATTR_INT, value: value.int };
  return "float" in value
    ? { name, type: binding.TF_ATTR_FLOAT, value: value.float }
    : { name, type: binding.TF_ATTR_TYPE, value: value.type };
}
