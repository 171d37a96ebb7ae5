import type { ReactNode } from "react";
import type { RunSummary } from "@/lib/runs/run-schema";
import type { RunConfig } from "@/spec/config";
import type { Problem } from "@/spec/errors";
import { heldWords } from "@/spec/fields/model";
import { methodOf } from "@/spec/methods/all";
import type { Counted } from "@/spec/methods/method";
import { FieldProblems } from "./field-problems";
import { TimeEstimate } from "./time-estimate";

interface SummaryProps {
  /** With its defaults filled in; null while something is wrong. */
  resolved: RunConfig | null;
  name: string;
  /** What the method trains on, in the chosen dataset. */
  learned: Counted;
  problems: Problem[];
  /** Unusual values that may be meant. */
  advice: Problem[];
  runs: RunSummary[];
  /** It waits for a time that was chosen. */
  isLater: boolean;
  nameOf: (path: string) => string;
  children: ReactNode;
}

/** The run in a few lines: steps, time, every problem with a link to its field, suggestions, and the button. */
export function Summary({ resolved, name, learned, problems, advice, runs, isLater, nameOf, children }: SummaryProps) {
  return (
    <aside
      className="grid min-w-0 gap-3 rounded-md border bg-surface p-4 lg:sticky lg:top-16 lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:max-h-[calc(100dvh-5rem)] lg:overflow-y-auto"
      aria-label="Summary"
    >
      <h2 className="text-sm">Summary</h2>
      <p className="numbers [overflow-wrap:anywhere]">
        <span className="font-medium">{name || "Unnamed"}</span>
        {resolved && `: ${methodOf(resolved).describe(resolved, learned)}.`}
        {resolved?.model.quantisation && ` The base is held in ${heldWords(resolved.model)}.`}
      </p>
      {learned.count === 0 && !problems.some(({ path }) => path === "data.train") && (
        <p className="text-warn">This dataset has no annotated pairs yet; annotate some first.</p>
      )}
      {problems.length > 0 && <FieldProblems label="Problems" tone="text-bad" problems={problems} nameOf={nameOf} />}
      {advice.length > 0 && <FieldProblems label="Suggestions" tone="text-warn" problems={advice} nameOf={nameOf} />}
      {resolved && <TimeEstimate config={resolved} learned={learned} runs={runs} isLater={isLater} />}
      {children}
    </aside>
  );
}
