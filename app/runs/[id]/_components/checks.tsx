import { Check as Tick } from "lucide-react";
import type { RunDetail } from "@/lib/runs/run-schema";
import { Card } from "../../../ui/cards";

type Checks = RunDetail["checks"];

const names: Record<Checks[number]["name"], string> = {
  masks: "Every row has trained tokens",
  padding: "Padding is masked",
  rollout: "Rollouts are on-policy",
  start: "Policy starts equal to the reference",
  adapter: "Adapter starts equal to its base",
  lora: "LoRA starts at zero",
  reference: "Reference unchanged",
  reward: "Reward model fits the base model",
  finite: "All values finite",
};

const order = Object.keys(names);
const inOrder = (checks: Checks) => checks.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));

/** Checks that every run must pass; a failed one ends the run with its message. */
export function Checks({ checks }: { checks: Checks }) {
  return (
    <Card title="Checks">
      {checks.length === 0 ? (
        <p className="text-soft">The first checks run once the data is loaded.</p>
      ) : (
        <ul className="grid gap-2">
          {inOrder(checks).map(({ name, detail }) => (
            <li key={name} className="flex min-w-0 gap-2">
              <Tick size={16} className="mt-0.5 shrink-0 text-good" aria-hidden />
              <span className="min-w-0 break-words">
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
