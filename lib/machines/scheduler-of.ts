import type { MachineSettings } from "../../spec/machines";
import { commandScheduler } from "./command";
import { rayScheduler } from "./ray";
import type { Scheduler } from "./scheduler";
import { slurmScheduler } from "./slurm";

export function schedulerOf(settings: MachineSettings): Scheduler {
  if (settings.kind === "slurm") return slurmScheduler(settings);
  return settings.kind === "ray" ? rayScheduler(settings) : commandScheduler(settings);
}
