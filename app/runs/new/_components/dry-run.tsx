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

function Measured({ result: { peak, seconds, stepsEach, totalSteps, scored } }: { result: Result }) {
  const whole = (each: number) => duration((1000 * each * totalSteps) / stepsEach);
  return (
    <>
      <p className="numbers text-xs">
        Measured: {number(peak / 1e9, 2)} GB at the peak; {totalSteps.toLocaleString("en")} steps in{" "}
        {whole(Math.min(...seconds))} to {whole(Math.max(...seconds))}, evaluations not counted.
      </p>
      {scored.length > 0 && <Scored answers={scored} />}
    </>
  );
}

/** The first answers of the model as it stands, with what the reward says of each. */
function Scored({ answers }: { answers: Result["scored"] }) {
  const parts = Object.keys(answers[0]!.parts);
  return (
    <table className="numbers mt-2 w-full text-xs">
      <caption className="text-left text-soft">The first answers and their rewards</caption>
      <thead>
        <tr>
          {["answer", ...parts, "reward"].map((name) => (
            <th key={name} scope="col" className="py-1 pr-2 text-left font-medium">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {answers.map(({ answer, score, parts: own }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: answers may be alike, and stay as they are
          <tr key={i} className="border-t align-top">
            <td className="max-w-60 truncate py-1 pr-2">{answer}</td>
            {[...parts.map((name) => own[name] ?? null), score].map((value, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
              <td key={at} className="py-1 pr-2">
                {value === null ? "–" : number(value, 2)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
