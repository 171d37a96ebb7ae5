"use client";

import { createContext, useContext } from "react";
import type { Curves, RunDetail, RunSamples } from "@/lib/runs/run-schema";

interface LiveRun {
  run: RunDetail;
  lines: Curves["lines"];
  samples: RunSamples;
}

/** The run that its page shows in all tabs, live over one connection. */
export const RunContext = createContext<LiveRun | null>(null);

export function useRun(): LiveRun {
  const live = useContext(RunContext);
  if (!live) throw new Error("useRun is for the parts of a run's page");
  return live;
}
