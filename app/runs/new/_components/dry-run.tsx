"use client";

import { useMutation } from "@tanstack/react-query";
import { Timer } from "lucide-react";
import { send } from "@/app/_client/checked-fetch";
import { dryRunReport, type DryRun as Result } from "@/spec/reports";
import { Button } from "../../../ui/buttons";
import { Problem } from "../../../ui/cards";
import { duration, number } from "../../../ui/format";

/** Four steps on this machine, on request: what the whole run will take. */
export function DryRun({ described, disabled }: { described: object; disabled: boolean }) {
  const attempt = useMutation({ mutationFn: (input: object) => send("POST", "/api/dry-run", input, dryRunReport) });
  const stale = attempt.data && JSON.stringify(attempt.variables) !== JSON.stringify(described);
  return (
    <div className="grid gap-2">
      <Button onClick={() => attempt.mutate(described)} disabled={disabled || attempt.isPending}>
        <Timer size={15} aria-hidden /> {attempt.isPending ? "Running 4 steps…" : "Dry run (4 steps)"}
      </Button>
      <div aria-live="polite">
        {attempt.error && <Problem error={attempt.error} />}
        {attempt.data && <Measured result={attempt.data} />}
        {stale && <p className="text-warn text-xs">The form has changed since.</p>}
      </div>
    </div>
  );
}

function Measured({ result: { peak, seconds, stepsEach, totalSteps } }: { result: Result }) {
  const whole = (each: number) => duration((1000 * each * totalSteps) / stepsEach);
  return (
    <p className="numbers text-xs">
      Measured: {number(peak / 1e9, 2)} GB at the peak; {totalSteps.toLocaleString("en")} steps in{" "}
      {whole(Math.min(...seconds))} to {whole(Math.max(...seconds))}, evaluations not counted.
    </p>
  );
}
