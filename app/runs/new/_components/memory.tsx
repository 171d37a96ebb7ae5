import { useEffect } from "react";
import type { PreflightReport } from "@/lib/runs/run-schema";
import { number } from "../../../ui/format";
import { useSettled } from "../../../ui/use-settled";
import { isStale, type LookProps } from "./preflight";

const names: Record<keyof NonNullable<PreflightReport["memory"]>["parts"], { label: string; shade: string }> = {
  program: { label: "program", shade: "bg-soft/50" },
  weights: { label: "weights", shade: "bg-accent" },
  reference: { label: "copies for the reference", shade: "bg-accent/75" },
  trained: { label: "trained, with optimiser", shade: "bg-(--b)" },
  logits: { label: "scores over the vocabulary", shade: "bg-(--a)" },
  activations: { label: "activations", shade: "bg-accent/50" },
  evaluation: { label: "evaluations", shade: "bg-(--b)/50" },
};

const gigabytes = (bytes: number) => number(bytes / 1e9, 2);
const amount = (bytes: number) => (bytes >= 1e9 ? `${gigabytes(bytes)} GB` : `${number(bytes / 1e6, 0)} MB`);

/** How long the form has to stand still before its memory is estimated anew, which reads the rows. */
const settleMs = 1500;

interface MemoryProps extends Pick<LookProps, "look" | "described" | "disabled"> {
  /** Why nothing is estimated, where it is not. */
  why: string;
}

/** What a run is expected to take at its peak: estimated whenever the form has come to rest. */
export function Memory({ look, described, disabled, why }: MemoryProps) {
  const settled = useSettled(JSON.stringify(described), settleMs);
  const now = JSON.stringify(described);
  const asked = JSON.stringify(look.variables);
  const { mutate } = look;
  useEffect(() => {
    if (!disabled && settled === now && settled !== asked) mutate(JSON.parse(settled));
  }, [settled, now, asked, disabled, mutate]);
  const memory = look.data && !isStale({ look, described }) ? look.data.memory : undefined;
  if (memory) return <Parts memory={memory} />;
  return (
    <p className="min-h-10 text-soft text-xs" role="status">
      <span className="font-medium text-ink">Memory: </span>
      {memory === null
        ? "not estimated for other engines."
        : disabled
          ? why
          : look.error && asked === now
            ? "could not be estimated."
            : "estimating…"}
    </p>
  );
}

/** Part by part, against what the machine has. */
function Parts({
  memory: { parts, peak, machine, recompute, paged, microBatchTokens },
}: {
  memory: NonNullable<PreflightReport["memory"]>;
}) {
  const entries = Object.entries(parts) as [keyof typeof parts, number][];
  const scale = Math.max(peak, machine);
  const [largest] = entries.reduce((a, b) => (b[1] > a[1] ? b : a));
  return (
    <section aria-label="Memory" className="grid gap-1.5">
      <p className="numbers">
        About <span className="font-medium">{gigabytes(peak)} GB</span> at the peak (± 20 %), of {gigabytes(machine)} GB
        here.
      </p>
      <div className="flex h-2.5 overflow-hidden rounded-full bg-raised" aria-hidden="true">
        {entries.map(([name, bytes]) => (
          <div key={name} className={names[name].shade} style={{ width: `${(100 * bytes) / scale}%` }} />
        ))}
      </div>
      <ul className="numbers flex flex-wrap gap-x-3 text-soft text-xs">
        {entries.map(([name, bytes]) => (
          <li key={name} className="flex items-center gap-1.5">
            <span className={`size-2 rounded-full ${names[name].shade}`} aria-hidden="true" />
            {names[name].label} {amount(bytes)}
          </li>
        ))}
      </ul>
      <p className="text-soft text-xs">
        Recompute {recompute}, {microBatchTokens.toLocaleString("en")} tokens per micro-batch
        {paged && ", optimizer states on disk"}.
        {peak > machine &&
          ` More than is here: most goes to ${names[largest].label}; halve the max length or the tokens per micro-batch.`}
      </p>
    </section>
  );
}
