import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import { dataFolder } from "@/common/env";
import type { Health } from "@/lib/health/health";
import { sizeWords } from "@/lib/storage/storage-schema";

/** What this machine is, and how the parts of the workbench fare on it. */
export function machineFacts({ runner, queue, condition }: Health): [name: string, value: string][] {
  return [
    ["Processor", `${cpus()[0]?.model.trim() ?? "unknown"}, ${availableParallelism()} cores`],
    ["Memory", `${sizeWords(totalmem())}, of which ${sizeWords(freemem())} are free`],
    ["Runner", runner.alive ? `at work: ${queue.running} running, ${queue.queued} queued` : "not there; runs wait"],
    ["Condition", condition ?? "nothing keeps it from its work"],
    ["Data folder", dataFolder()],
    ["Node.js", process.version.slice(1)],
  ];
}
