"use client";

import { Checkpoints } from "./checkpoints";
import { useRun } from "./run-context";

export function FilesTab() {
  const { run, lines } = useRun();
  return <Checkpoints run={run} lines={lines} />;
}
