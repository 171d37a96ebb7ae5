// Every recorded kernel on this process's device: eagerly, in a compiled graph, and its gradient. Prints one JSON object.
import { cases, random } from "../../../test/kernel-cases";
import { nodeBackend } from "../../../trainers/engine/binding";
import { compile } from "../../../trainers/engine/jit/compile";
import { tf } from "../../../trainers/engine/tensorflow";
import type { KernelValues } from "./compare";

const numbers = (tensors: tf.Tensor | tf.Tensor[]): number[] => [tensors].flat().flatMap((one) => [...one.dataSync()]);

/** A sentence of an error where the device cannot do it. */
function attempt(work: () => tf.Tensor | tf.Tensor[]): number[] | string {
  try {
    return numbers(work());
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const values: KernelValues = {};
for (const [i, [kernel, run, inputs, differentiable]] of cases.entries()) {
  const name = `${kernel} (${i})`;
  values[name] = attempt(() => run(...inputs) as tf.Tensor | tf.Tensor[]);
  values[`${name}, compiled`] = attempt(
    () => compile((given: tf.Tensor[]) => run(...given))(inputs) as tf.Tensor | tf.Tensor[],
  );
  if (!differentiable) continue;
  const weights = random(...(run(...inputs) as tf.Tensor).shape);
  values[`${name}, gradient`] = attempt(() => tf.grads((...x) => (run(...x) as tf.Tensor).mul(weights))(inputs));
}
// JSON has no NaN and no infinity
const told = (_: string, value: unknown) =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
process.stdout.write(`${JSON.stringify({ gpu: nodeBackend().isUsingGpuDevice, values }, told)}\n`);
