// `compile(fn)`: a function of tensors becomes one TensorFlow graph, which holds for inputs of all sizes, and runs in tfjs-node's session.
// An op there costs 0.3 µs instead of 12, common subexpressions are computed once, what no output needs is not computed at all,
// and TensorFlow frees every intermediate at its last use. Run without `compile`, the same function is its own oracle.
import { signOfLife } from "../sign-of-life";
import { tf } from "../tensorflow";
import { freeHandles, handlesOf, load, type Program, record, run, unload } from "./program";
import { recorder } from "./recorder";
import { mapTensors, sizesOf, type Tree, tensorsOf } from "./tree";

export { free, type Tree } from "./tree";

/** A program with its literals for inputs of some sizes. */
interface Fitted<Out> {
  key: string;
  program: Program<Out>;
  /** TensorFlow's handles. */
  literals: number[];
}

/** How many programs, and how many sizes of inputs, a compiled function keeps; the least recently used go first. */
const programLimit = 24;
const fittedLimit = 64;

/** Seconds that this process has spent on recording and loading graphs, and on the first run of each, in which TensorFlow prepares it. */
export const graphBuilding = { seconds: 0 };
function timed<Result>(build: () => Result): Result {
  const started = performance.now();
  const result = build();
  graphBuilding.seconds += (performance.now() - started) / 1000;
  return result;
}

/**
 * The compiled form of `fn`. It is recorded for inputs of a few sizes, that is dimensions of tensors and numbers between them. Recordings that
 * differ in small constants only are one program, which is given these constants; once it has been seen how they follow from the sizes, new
 * sizes need no recording. So `fn` must not decide by sizes what to compute, except by whether they are equal.
 * Tensors and variables that `fn` closes over are read at each run; what else it closes over is frozen into the graph.
 * Throws where `fn` reads a tensor's value or uses an op that jit/kernels.ts does not know.
 */
export function compile<In extends Tree, Out extends Tree>(fn: (input: In) => Out): (input: In) => Out {
  const programs = new Map<string, Program<Out>>();
  const fitted = new Map<string, Fitted<Out>>();

  return (input) => {
    if (tf.getBackend() === "recorder") return fn(input); // inside another compiled function
    signOfLife(); // recording and loading a graph takes a second or more
    const key = JSON.stringify(mapTensors(input, describe));
    const {
      key: name,
      program,
      literals,
    } = use(fitted, key, fitted.get(key) ?? predict(input) ?? timed(() => recordFor(input)));
    use(programs, name, program);
    dropOldest(fitted, fittedLimit, ({ literals }) => freeHandles(literals));
    dropOldest(programs, programLimit, forget);
    const start = () => run(program, tensorsOf(input), literals);
    return program.session.hasRun ? start() : timed(start);
  };

  /** From what is known of one program that was recorded for such inputs; null where that is not enough, or fits two. */
  function predict(input: In): Fitted<Out> | null {
    const [form, sizes] = [formOf(input), sizesOf(input)];
    const [candidate, other] = [...programs].flatMap(([key, program]) => {
      const values = key.startsWith(form) ? program.extrapolation.predict(sizes) : null;
      return values ? [{ key, program, values }] : [];
    });
    if (!candidate || other) return null;
    const { key, program, values } = candidate;
    return { key, program, literals: handlesOf(program.literals, values) };
  }

  function recordFor(input: In): Fitted<Out> {
    const recorded = record(fn, input);
    const key = formOf(input) + recorded.structure;
    const program = programs.get(key) ?? load(recorded);
    program.extrapolation.learn({
      sizes: sizesOf(input),
      constants: recorded.literals.map(({ values }) => [...values]),
    });
    return { key, program, literals: handlesOf(recorded.literals) };
  }

  function forget(program: Program<Out>): void {
    unload(program);
    for (const [key, { program: other, literals }] of fitted)
      if (other === program) {
        fitted.delete(key);
        freeHandles(literals);
      }
  }
}

const describe = (tensor: tf.Tensor) => `${tensor.dtype}[${tensor.shape}]${recorder.dataType(tensor)}`;

/** An input without its sizes. */
const formOf = (input: Tree) =>
  JSON.stringify(
    mapTensors(
      input,
      (tensor) => `${tensor.dtype}${tensor.rank}/${recorder.dataType(tensor)}`,
      () => "number",
    ),
  );

/** Marks a value as the youngest. */
function use<Value>(kept: Map<string, Value>, key: string, value: Value): Value {
  kept.delete(key);
  kept.set(key, value);
  return value;
}

function dropOldest<Value>(kept: Map<string, Value>, limit: number, free: (value: Value) => void): void {
  if (kept.size <= limit) return;
  const [key, value] = kept.entries().next().value!;
  kept.delete(key);
  free(value);
}
