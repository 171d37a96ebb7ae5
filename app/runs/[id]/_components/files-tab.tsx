"use client";

import { methodOf } from "@/spec/methods/all";
import { Checkpoints } from "./checkpoints";
import { QuantisedCard } from "./quantised-card";
import { useRun } from "./run-context";

export function FilesTab() {
  const { run, lines } = useRun();
  const measurable = run.origin === null && methodOf(run.config).produces === "policy";
  return (
    <div className="grid gap-4">
      <Checkpoints run={run} lines={lines} />
      {measurable && <QuantisedCard run={run} />}
    </div>
  );
}
