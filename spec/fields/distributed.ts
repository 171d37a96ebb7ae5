// Training by several processes at a time, which an engine other than the workbench's own does. No tfjs in here: the browser imports it.
import { z } from "zod";
import { advanced } from "../field-meta";

export const distributed = z.strictObject({
  processes: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe("Processes")
    .meta(
      advanced(
        "Each trains on its share of a batch, on a GPU of its own, or on the CPU where there is none (data parallelism). The engine trl can have more than one",
      ),
    ),
  zeroStage: z
    .int()
    .min(0)
    .max(3)
    .default(0)
    .describe("ZeRO stage")
    .meta(
      advanced(
        "What DeepSpeed divides among the processes: 1 optimizer states, 2 gradients too, 3 weights too. 0: nothing, every process has all of it",
      ),
    ),
  offload: z
    .enum(["none", "cpu"])
    .default("none")
    .describe("ZeRO offload")
    .meta(
      advanced(
        "cpu: optimizer states, and at stage 3 weights, lie in the machine's memory instead of the GPUs', and the optimizer runs there",
      ),
    ),
});
