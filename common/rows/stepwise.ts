// Solutions whose steps are labelled one by one: TRL's stepwise rows and Math-Shepherd's. PRM800K's are taken apart in expand.ts.
import type { Layout } from "./layout";
import type { Columns } from "./questions";

/** TRL's: as many labels as steps. */
export function stepwise({ prompt, completions, labels }: Columns): Layout | null {
  if (!Array.isArray(completions) || !Array.isArray(labels)) return null;
  const uses = ["prompt", "completions", "labels"];
  return { name: "stepwise", uses, row: { prompt, steps: completions, labels } };
}

/** ProcessBench's: the number of the first wrong step, or -1. What follows that step nobody has judged. */
export function firstWrongStep({ problem, steps, label }: Columns): Layout | null {
  if (typeof problem !== "string" || !Array.isArray(steps) || label === undefined) return null;
  const wrong = Number(label);
  if (!Number.isInteger(wrong) || wrong < -1 || wrong >= steps.length)
    throw new Error(`label is no number of a step; -1 to ${steps.length - 1} is expected`);
  const judged = wrong < 0 ? steps : steps.slice(0, wrong + 1);
  return {
    name: "ProcessBench",
    uses: ["problem", "steps", "label"],
    row: { prompt: problem, steps: judged, labels: judged.map((_, i) => i !== wrong) },
  };
}

/** Where Math-Shepherd's texts hold a step's end, and its labels + or - in the same place. */
const mark = "ки";

export function mathShepherd({ input, label, task }: Columns): Layout | null {
  if (typeof input !== "string" || typeof label !== "string" || !input.includes(mark)) return null;
  const parts = input.split(mark).slice(0, -1);
  const begins = parts[0]!.search(/Step 1:/);
  if (begins <= 0) throw new Error("input holds no Step 1: after its problem");
  const steps = [parts[0]!.slice(begins), ...parts.slice(1)].map((step) => step.trim());
  // the labels' text is the input with a sign in place of each mark
  const signs = signsOf(parts, label);
  const uses = ["input", "label", ...(task === undefined ? [] : ["task"])];
  return { name: "Math-Shepherd", uses, row: { prompt: parts[0]!.slice(0, begins).trim(), steps, labels: signs } };
}

function signsOf(parts: string[], label: string): boolean[] {
  let at = 0;
  return parts.map((part, i) => {
    at += part.length;
    const sign = label[at++];
    if (sign !== "+" && sign !== "-") throw new Error(`label has no + or - where step ${i + 1} of input ends`);
    return sign === "+";
  });
}
