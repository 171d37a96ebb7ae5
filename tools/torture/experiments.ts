import type { Experiment } from "./experiment";
import { killServer } from "./kill-server";
import { wal } from "./wal";

export const experiments: Experiment[] = [killServer, wal];
