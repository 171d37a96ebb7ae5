"use client";

import { Charts } from "./charts";
import { useRun } from "./run-context";

export function ChartsTab() {
  const { run, lines } = useRun();
  return <Charts run={run} lines={lines} />;
}
