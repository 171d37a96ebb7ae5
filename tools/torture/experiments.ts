import { damageCheckpoint } from "./damage-checkpoint";
import type { Experiment } from "./experiment";
import { killCheckpoint } from "./kill-checkpoint";
import { killServer } from "./kill-server";
import { wal } from "./wal";

export const experiments: Experiment[] = [killServer, killCheckpoint, damageCheckpoint, wal];
