"use client";

import { Checks } from "./checks";
import { Lineage } from "./lineage";
import { useRun } from "./run-context";

/** What the run learns from, where it comes from, and what was checked. */
export function DataTab() {
  const { run } = useRun();
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Lineage run={run} />
      <Checks checks={run.checks} />
    </div>
  );
}
