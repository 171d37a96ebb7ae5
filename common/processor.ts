// The processor's name. Virtual ones have one name for several kinds, of which AMX makes the greatest difference, in speed and in the last bits.
import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

const file = "/proc/cpuinfo";

export function processorName(): string {
  const name =
    cpus()[0]
      ?.model.replaceAll(/\((R|TM)\)| Processor/g, "")
      .trim() ?? "unknown processor";
  return existsSync(file) && /\bamx_bf16\b/.test(readFileSync(file, "utf8")) ? `${name} with AMX` : name;
}
