import { Check as Tick } from "lucide-react";
import type { RunDetail } from "@/lib/runs/run-schema";
import { Card } from "../../../ui/cards";

type Checks = RunDetail["checks"];

const names: Record<Checks[number]["name"], string> = {
  masks: "Every row teaches something",
  padding: "Padding does not count",
  rollout: "Rollouts come from the policy that learns",
  start: "Policy starts as its reference",
  adapter: "Adapter starts as its base",
  lora: "LoRA starts at zero",
  reference: "Reference unchanged",
  reward: "Reward model fits the base's answers",
  finite: "All numbers finite",
};

const order = Object.keys(names);
const inOrder = (checks: Checks) => checks.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));

/** What must hold in every run, as it is found to; a failed check ends the run with its sentence instead. */
export function Checks({ checks }: { checks: Checks }) {
  return (
    <Card title="Checks">
      {checks.length === 0 ? (
        <p className="text-soft">The first come once the data is read.</p>
      ) : (
        <ul className="grid gap-2">
          {inOrder(checks).map(({ name, detail }) => (
            <li key={name} className="flex gap-2">
              <Tick size={16} className="mt-0.5 shrink-0 text-good" aria-hidden />
              <span>
                {names[name]}
                <span className="numbers block text-soft text-xs">{detail}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
