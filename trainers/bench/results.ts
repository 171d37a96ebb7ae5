// What a benchmark leaves behind: results/WORKLOAD.json.
import type { Measured } from "./measure";
import type { Workload } from "./workloads";

export interface Result {
  workload: Workload;
  machine: string;
  cores: number;
  /** By the way's id. Rounds of another machine or workload are dropped when a new one is added. */
  rounds: Record<string, Measured>[];
}
