"use client";

import { Distributions } from "./distributions";
import { Rollouts } from "./rollouts";
import { useRun } from "./run-context";
import { SampleCompletions } from "./sample-completions";

export function SamplesTab() {
  const { run, samples } = useRun();
  return (
    <>
      <SampleCompletions run={run} samples={samples.answers} />
      <Rollouts run={run} />
      <Distributions histograms={samples.histograms} samples={samples.answers} />
    </>
  );
}
