// What computes a number, apart from the formula: other kernels round otherwise, so numbers that are kept name theirs.
import { availableParallelism } from "node:os";
import { mostOpThreads } from "../../common/env";
import { processorName } from "../../common/processor";
import { nodeBackend } from "./binding";
import { native } from "./native";

/** Raise it when a change of the engine, the models or the reference's scoring may change a score's last bit. */
const revision = 12;

/** Revision, TensorFlow, whose ops, processor and threads: two machines of one name round alike. */
export function kernels(): string {
  const { binding, isUsingGpuDevice } = nodeBackend();
  const device = isUsingGpuDevice ? "GPU" : `${processorName()} × ${Math.min(availableParallelism(), mostOpThreads())}`;
  return `${revision}, TensorFlow ${binding.TF_Version}${native() ? " with own ops" : ""}, ${device}`;
}
