import type { Experiment } from "./experiment";

/** By name, each loaded when its turn comes: some load TensorFlow, one a browser. */
export const experiments: Record<string, () => Promise<Experiment>> = {
  "kill-server": async () => (await import("./kill-server")).killServer,
  "lost-disk": async () => (await import("./lost-disk")).lostDisk,
  "kill-trainers": async () => (await import("./kill-trainers")).killTrainers,
  "kill-checkpoint": async () => (await import("./kill-checkpoint")).killCheckpoint,
  "damage-checkpoint": async () => (await import("./damage-checkpoint")).damageCheckpoint,
  "full-disk": async () => (await import("./full-disk")).fullDisk,
  "full-server-disk": async () => (await import("./full-server-disk")).fullServerDisk,
  "held-lock": async () => (await import("./held-lock")).heldLock,
  "same-bits": async () => (await import("./same-bits")).sameBits,
  wal: async () => (await import("./wal")).wal,
  claims: async () => (await import("./claims")).claims,
  "stopped-workers": async () => (await import("./stopped-workers")).stoppedWorkers,
  "fuzz-rows": async () => (await import("./fuzz-rows")).fuzzRows,
  "fuzz-files": async () => (await import("./fuzz-files")).fuzzFiles,
  "fuzz-http": async () => (await import("./fuzz-http")).fuzzHttp,
  "hostile-pages": async () => (await import("./hostile-pages")).hostilePages,
};
