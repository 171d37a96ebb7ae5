// A function of tensors, recorded as a graph, and the session that runs it.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeBackend } from "../binding";
import { signOfLife } from "../sign-of-life";
import { tf } from "../tensorflow";
import "../custom";
import "./kernels";
import "./product-kernels";
import "./random-kernels";
import "./segment-kernels";
import { createExtrapolation, type Extrapolation } from "./extrapolation";
import { type Argument, encodeSavedModel, type GraphNode } from "./protobuf";
import { type Literal, recorder } from "./recorder";
import { mapTensors, type Tree, tensorsOf } from "./tree";

/** What a function does with inputs of some sizes. */
export interface Recorded<Out> {
  nodes: GraphNode[];
  inputs: Argument[];
  outputs: Argument[];
  /** What the function closed over; a variable is read anew at each run. */
  captured: tf.TensorInfo[];
  literals: Literal[];
  /** Recordings of one function with the same structure differ in the values of their literals at most. */
  structure: string;
  rebuild(outputs: tf.Tensor[]): Out;
}

/** TensorFlow's session of a graph, and how many programs run in it: what their functions closed over they give it at each run. */
interface Session {
  id: number;
  content: string;
  programs: number;
  hasRun: boolean;
}

/** A graph in a session. It holds for inputs of all sizes for which the function's recording has its structure. */
export interface Program<Out> extends Pick<Recorded<Out>, "captured" | "literals" | "rebuild"> {
  session: Session;
  inputNames: string;
  outputNames: string;
  /** What is known of its literals. */
  extrapolation: Extrapolation;
}

/** Throws where `fn` reads a tensor's value or uses an op that kernels.ts does not know. */
export function record<In extends Tree, Out extends Tree>(fn: (input: In) => Out, input: In): Recorded<Out> {
  const host = tf.getBackend();
  tf.setBackend("recorder"); // takes effect at once: the backend is made without waiting
  tf.engine().startScope();
  try {
    const symbols = mapTensors(input, (tensor) => {
      const dataType = recorder.dataType(tensor);
      const name = recorder.placeholder(dataType);
      return tf.engine().makeTensorFromTensorInfo(recorder.tensor(name, tensor.shape, tensor.dtype, dataType));
    }) as In;
    const output = fn(symbols);
    const outputs = tensorsOf(output).map((tensor) => recorder.output(tensor));
    tf.dispose(tensorsOf(output)); // those that `fn` kept outlive the scope
    const { nodes, inputs, literals, captured } = recorder.recording;
    return {
      nodes,
      inputs,
      outputs,
      literals,
      captured: [...captured.values()],
      structure: recorder.structure(JSON.stringify(mapTensors(output, () => "tensor"))),
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

export function load<Out>(recorded: Recorded<Out>): Program<Out> {
  const { nodes, inputs, captured, literals, outputs, rebuild } = recorded;
  const given = [...inputs, ...literals];
  return {
    captured,
    literals,
    rebuild,
    session: sessionOf(encodeSavedModel(nodes, given, outputs)),
    inputNames: given.map((_, i) => `inputs:${i}`).join(),
    outputNames: outputs.map((_, i) => `call:${i}`).join(),
    extrapolation: createExtrapolation(),
  };
}

const sessions = new Map<string, Session>();

/** Functions often have the same graph, as those of one method's runs do: TensorFlow prepares it once. */
function sessionOf(model: Buffer): Session {
  const content = createHash("sha256").update(model).digest("hex");
  const session = sessions.get(content) ?? { id: loadSavedModel(model), content, programs: 0, hasRun: false };
  session.programs++;
  sessions.set(content, session);
  return session;
}

/** The session goes with the last program in it. */
export function unload({ session }: Program<unknown>): void {
  session.programs--;
  if (session.programs > 0) return;
  nodeBackend().binding.deleteSavedModel(session.id);
  sessions.delete(session.content);
}

function loadSavedModel(content: Buffer): number {
  const folder = mkdtempSync(join(tmpdir(), "workbench-graph-"));
  try {
    writeFileSync(join(folder, "saved_model.pb"), content);
    return nodeBackend().binding.loadSavedModel(folder, "serve");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `literals` are handles of their values. */
export function run<Out>(program: Program<Out>, inputs: tf.Tensor[], literals: number[]): Out {
  const { session, inputNames, outputNames, captured, rebuild } = program;
  const backend = nodeBackend();
  const ids = [...backend.getInputTensorIds([...inputs, ...captured]), ...literals];
  const outputs = backend.binding.runSavedModel(session.id, ids, inputNames, outputNames);
  session.hasRun = true;
  signOfLife();
  return rebuild(outputs.map((output) => backend.createOutputTensor(output)));
}

/** TensorFlow's handles of the literals, with other values where these are given. Owned by the caller: `freeHandles`. */
export const handlesOf = (literals: Literal[], values?: number[][]): number[] =>
  literals.map(({ dataType, shape, values: own }, i) => {
    const typed = values ? (own.constructor as typeof Float32Array).from(values[i]!) : own;
    return nodeBackend().binding.createTensor([...shape], dataType, typed);
  });

export function freeHandles(handles: number[]): void {
  for (const handle of handles) nodeBackend().binding.deleteTensor(handle);
}
