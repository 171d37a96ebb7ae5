import { claims } from "./claims";
import { damageCheckpoint } from "./damage-checkpoint";
import type { Experiment } from "./experiment";
import { fullDisk } from "./full-disk";
import { fuzzFiles } from "./fuzz-files";
import { fuzzHttp } from "./fuzz-http";
import { fuzzRows } from "./fuzz-rows";
import { killCheckpoint } from "./kill-checkpoint";
import { killServer } from "./kill-server";
import { killTrainers } from "./kill-trainers";
import { stoppedWorkers } from "./stopped-workers";
import { wal } from "./wal";

export const experiments: Experiment[] = [
  killServer,
  killTrainers,
  killCheckpoint,
  damageCheckpoint,
  fullDisk,
  wal,
  claims,
  stoppedWorkers,
  fuzzRows,
  fuzzFiles,
  fuzzHttp,
];
