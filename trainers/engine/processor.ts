// What of the processor decides how a number comes out.
import { readFileSync } from "node:fs";
import { nodeBackend } from "./binding";

let rounds: boolean | undefined;

/**
 * Whether TensorFlow's product of bfloat16 numbers is the nearest one that it can hold. Without AVX-512 TensorFlow 2.21 cuts the sum off instead, at
 * twice the error: there the same factors are multiplied as float32 numbers, which hold them, and the product is rounded.
 */
export function roundsProducts(): boolean {
  rounds ??= nodeBackend().isUsingGpuDevice || /\bavx512f\b/.test(processorFlags());
  return rounds;
}

function processorFlags(): string {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return ""; // no Linux
  }
}
