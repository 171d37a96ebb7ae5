import { TriangleAlert } from "lucide-react";
import type { RunDetail } from "@/lib/runs/run-schema";
import { rules } from "@/spec/alerts";

/** What goes wrong in this run, what it means and what to try: a line as high with alerts as without. */
export function Alerts({ alerts }: { alerts: RunDetail["alerts"] }) {
  if (alerts.length === 0) return <p className="mt-3 flex h-10 items-center text-soft text-sm">No alerts</p>;
  const titles = alerts.map(({ rule }) => rules[rule].title).join(", ");
  return (
    <section aria-label="Alerts" className="mt-3 rounded-md border border-warn/50 bg-surface px-4">
      <details>
        <summary className="h-9.5 truncate leading-9">
          <TriangleAlert size={16} className="mr-2 inline text-warn" aria-hidden />
          <span className="font-medium">{alerts.length === 1 ? "1 alert" : `${alerts.length} alerts`}</span>{" "}
          <span className="text-soft">{titles}</span>
        </summary>
        <ul className="grid gap-3 pb-4 lg:grid-cols-2">
          {alerts.map(({ rule, step, measured }) => (
            <li key={rule} className="min-w-0">
              <p>
                <span className="font-medium">{rules[rule].title}</span>{" "}
                <span className="numbers text-soft">
                  step {step}: {measured}
                </span>
              </p>
              <p className="max-w-[70ch] text-soft">
                {rules[rule].means} {rules[rule].advice}
              </p>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
