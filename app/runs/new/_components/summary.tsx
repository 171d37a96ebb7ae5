import type { ReactNode } from "react";
import type { RunConfig } from "@/spec/config";
import type { Problem } from "@/spec/errors";
import { methodOf } from "@/spec/methods/all";
import type { Counted } from "@/spec/methods/method";
import { FieldProblems } from "./field-problems";

interface SummaryProps {
  /** With its defaults filled in; null while something is wrong. */
  resolved: RunConfig | null;
  name: string;
  /** What the method trains on, in the chosen dataset. */
  learned: Counted;
  problems: Problem[];
  /** Unusual values that may be meant. */
  advice: Problem[];
  children: ReactNode;
}

/** The run in a few lines: steps, every problem with a link to its field, suggestions, and the button. */
export function Summary({ resolved, name, learned, problems, advice, children }: SummaryProps) {
  return (
    <aside className="grid gap-3 rounded-md border bg-surface p-4 lg:sticky lg:top-16" aria-label="Summary">
      <h2 className="text-sm">Summary</h2>
      <p className="numbers">
        <span className="font-medium">{name || "Unnamed"}</span>
        {resolved && `: ${methodOf(resolved).describe(resolved, learned)}.`}
      </p>
      {learned.count === 0 && (
        <p className="text-warn">This dataset has no annotated pairs yet; annotate some first.</p>
      )}
      {problems.length > 0 && <FieldProblems label="Problems" tone="text-bad" problems={problems} />}
      {advice.length > 0 && <FieldProblems label="Suggestions" tone="text-warn" problems={advice} />}
      {children}
    </aside>
  );
}
