import type { Group } from "@/lib/runs/compare/groups";
import { difference, interval, type Sample } from "@/lib/runs/compare/student";
import { mean } from "@/spec/statistics";
import { number } from "../../ui/format";
import { type FinalColumn, sampleOf } from "./final-columns";

/** A final value with its interval, and below it the difference from the baseline. */
export function FinalCell({ group, base, column }: { group: Group; base: Group; column: FinalColumn }) {
  const { metric, groups, best } = column;
  if (!groups.includes(group)) return <span className="text-soft">–</span>;
  const own = sampleOf(group, metric);
  const half = own.values.length > 1 ? interval(own.values).half : own.error === null ? null : 1.96 * own.error;
  return (
    <>
      {group === best && <span className="mr-1.5 rounded-sm bg-good/15 px-1 text-good text-xs">best</span>}
      {number(mean(own.values), 2)}
      {half !== null && <span className="text-soft"> ± {number(half, 2)}</span>}
      {group !== base && groups.includes(base) && <Delta base={sampleOf(base, metric)} own={own} />}
    </>
  );
}

function Delta({ base, own }: { base: Sample; own: Sample }) {
  const { delta, half, p } = difference(base, own);
  const sign = delta > 0 ? "+" : delta < 0 ? "−" : "±";
  return (
    <span className="block text-soft text-xs">
      Δ {sign}
      {number(Math.abs(delta), 2)}
      {half !== null && ` ± ${number(half, 2)}`}
      {p !== null && (p < 0.001 ? ", p < 0.001" : `, p ${p.toFixed(3)}`)}
    </span>
  );
}
