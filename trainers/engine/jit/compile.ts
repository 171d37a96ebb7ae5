// `compile(fn)`: a function of tensors becomes one TensorFlow graph per shape of its inputs and runs in tfjs-node's session.
// An op there costs 0.3 µs instead of 12, common subexpressions are computed once, what no output needs is not computed at all,
// and TensorFlow frees every intermediate at its last use. Run without `compile`, the same function is its own oracle.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeBackend } from "../binding";
import { signOfLife } from "../sign-of-life";
import { tf } from "../tensorflow";
import "../custom";
import "./kernels";
import { encodeSavedModel } from "./protobuf";
import { recorder } from "./recorder";

/** Tensors in arrays and plain objects, with constants between them. */
export type Tree =
  | tf.Tensor
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly Tree[]
  | { readonly [name: string]: Tree };

interface Program<Out> {
  session: number;
  inputNames: string;
  outputNames: string;
  /** What the function closed over; a variable is read anew at each run. */
  captured: tf.TensorInfo[];
  rebuild(outputs: tf.Tensor[]): Out;
}

/** How many programs a compiled function keeps; the least recently used goes first. */
const programLimit = 24;

/**
 * The compiled form of `fn`, which is traced once for each combination of input shapes, dtypes and plain values.
 * Tensors and variables that `fn` closes over are read at each run; what else it closes over is frozen into the graph.
 * Throws where `fn` reads a tensor's value or uses an op that jit/kernels.ts does not know.
 */
export function compile<In extends Tree, Out extends Tree>(fn: (input: In) => Out): (input: In) => Out {
  const programs = new Map<string, Program<Out>>();
  return (input) => {
    if (tf.getBackend() === "recorder") return fn(input); // inside another compiled function
    signOfLife(); // tracing a graph for a new shape takes seconds
    const key = JSON.stringify(mapTensors(input, describe));
    const program = programs.get(key) ?? trace(fn, input);
    programs.delete(key);
    programs.set(key, program); // youngest last
    if (programs.size > programLimit) {
      const [oldest, { session }] = programs.entries().next().value!;
      programs.delete(oldest);
      nodeBackend().binding.deleteSavedModel(session);
    }
    return run(program, tensorsOf(input));
  };
}

const describe = (tensor: tf.Tensor) => `${tensor.dtype}[${tensor.shape}]${recorder.dataType(tensor)}`;

function run<Out>({ session, inputNames, outputNames, captured, rebuild }: Program<Out>, inputs: tf.Tensor[]): Out {
  const backend = nodeBackend();
  const ids = backend.getInputTensorIds([...inputs, ...captured]);
  const outputs = backend.binding.runSavedModel(session, ids, inputNames, outputNames);
  signOfLife();
  return rebuild(outputs.map((output) => backend.createOutputTensor(output)));
}

function trace<In extends Tree, Out extends Tree>(fn: (input: In) => Out, input: In): Program<Out> {
  const host = tf.getBackend();
  tf.setBackend("recorder"); // takes effect at once: the backend is made without waiting
  tf.engine().startScope();
  try {
    const names: string[] = [];
    const symbols = mapTensors(input, (tensor) => {
      const dataType = recorder.dataType(tensor);
      const name = recorder.placeholder(tensor.shape, dataType);
      names.push(name);
      return tf.engine().makeTensorFromTensorInfo(recorder.tensor(name, tensor.shape, tensor.dtype, dataType));
    }) as In;
    const output = fn(symbols);
    const outputs = tensorsOf(output).map((tensor) => recorder.output(tensor));
    tf.dispose(tensorsOf(output)); // those that `fn` kept outlive the scope
    const { nodes, captured } = recorder.recording;
    return {
      session: load(encodeSavedModel(nodes)),
      inputNames: [...names, ...captured.keys()].map((name) => `${name}:0`).join(),
      outputNames: outputs.join(),
      captured: [...captured.values()],
      rebuild(tensors) {
        let at = 0;
        return mapTensors(output, () => tensors[at++]!) as Out;
      },
    };
  } finally {
    tf.engine().endScope();
    tf.setBackend(host);
    recorder.reset();
  }
}

function load(savedModel: Buffer): number {
  const folder = mkdtempSync(join(tmpdir(), "workbench-graph-"));
  try {
    writeFileSync(join(folder, "saved_model.pb"), savedModel);
    return nodeBackend().binding.loadSavedModel(folder, "serve");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Disposes every tensor of a tree. */
export const free = (tree: Tree): void => tf.dispose(tensorsOf(tree));

function tensorsOf(tree: Tree): tf.Tensor[] {
  const found: tf.Tensor[] = [];
  mapTensors(tree, (tensor) => found.push(tensor));
  return found;
}

/** The same tree with each tensor replaced, in a fixed order. */
function mapTensors(tree: Tree, replace: (tensor: tf.Tensor) => unknown): unknown {
  if (tree instanceof tf.Tensor) return replace(tree);
  if (Array.isArray(tree)) return tree.map((part) => mapTensors(part, replace));
  if (tree !== null && typeof tree === "object")
    return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, mapTensors(part, replace)]));
  return tree;
}
