import { TriangleAlert } from "lucide-react";
import type { RunDetail } from "@/lib/runs/run-schema";
import { rules } from "@/spec/alerts";

/** What goes wrong in this run, what it means and what to try. */
export function Alerts({ alerts }: { alerts: RunDetail["alerts"] }) {
  if (alerts.length === 0) return null;
  return (
    <section aria-label="Alerts" className="mt-4 rounded-md border border-warn/50 bg-surface p-4">
      <h2 className="mb-2 text-sm">{alerts.length === 1 ? "1 alert" : `${alerts.length} alerts`}</h2>
      <ul className="grid gap-3 lg:grid-cols-2">
        {alerts.map(({ rule, step, measured }) => (
          <li key={rule} className="flex gap-2">
            <TriangleAlert size={16} className="mt-0.5 shrink-0 text-warn" aria-hidden />
            <div className="min-w-0">
              <p>
                <span className="font-medium">{rules[rule].title}</span>{" "}
                <span className="numbers text-soft">
                  step {step}: {measured}
                </span>
              </p>
              <p className="max-w-[70ch] text-soft">
                {rules[rule].means} {rules[rule].advice}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
