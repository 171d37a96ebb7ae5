// Memory of the first GPU that is in use, as the driver counts it. TensorFlow's allocator gives nothing back, so at a process's end this is its peak.
import { execFileSync } from "node:child_process";

/** Bytes. Throws where there is no NVIDIA driver. */
export function memoryUsed(): number {
  const question = ["--id=0", "--query-gpu=memory.used", "--format=csv,noheader,nounits"];
  return Number(execFileSync("nvidia-smi", question, { encoding: "utf8" })) * 2 ** 20;
}
