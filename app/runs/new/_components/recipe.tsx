import type { ReactNode } from "react";
import type { RunConfig } from "@/spec/config";
import type { Problem } from "@/spec/errors";
import { methodOf } from "@/spec/methods/all";
import type { Counted } from "@/spec/methods/method";
import { FieldProblems } from "./field-problems";

interface RecipeProps {
  /** With its defaults filled in; null while something is wrong. */
  resolved: RunConfig | null;
  name: string;
  /** What the method learns from, in the chosen set. */
  learned: Counted;
  problems: Problem[];
  /** What is unusual, and may start. */
  advice: Problem[];
  children: ReactNode;
}

/** What is about to happen: steps, every problem with a link to its field, what is unusual, and the button. */
export function Recipe({ resolved, name, learned, problems, advice, children }: RecipeProps) {
  return (
    <aside className="grid gap-3 rounded-md border bg-surface p-4 lg:sticky lg:top-4" aria-label="Recipe">
      <h2 className="text-sm">Recipe</h2>
      <p className="numbers">
        <span className="font-medium">{name || "Unnamed"}</span>
        {resolved && `: ${methodOf(resolved).describe(resolved, learned)}.`}
      </p>
      {learned.count === 0 && <p className="text-warn">This set has no decided pairs yet; rank some first.</p>}
      {problems.length > 0 && <FieldProblems label="Problems" tone="text-bad" problems={problems} />}
      {advice.length > 0 && <FieldProblems label="Worth a look" tone="text-warn" problems={advice} />}
      {children}
    </aside>
  );
}
