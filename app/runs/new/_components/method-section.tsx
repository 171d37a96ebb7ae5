import type { TrainingSet } from "@/lib/runs/run-schema";
import type { Method } from "@/spec/config";
import { allMethods, methodOf } from "@/spec/methods/all";
import { Card } from "../../../ui/cards";
import { Link } from "../../../ui/link";
import { rowWords } from "./form-values";

interface Props {
  method: Method;
  onChange: (method: Method) => void;
  set: TrainingSet | undefined;
  /** Values that the method brought with it, in words. */
  changed: string[];
}

const kinds = ["Offline preference", "Online RL", "Reward model", "Supervised"] as const;

function kindOf(method: Method): (typeof kinds)[number] {
  const { onPolicy, produces } = methodOf({ method });
  if (method === "sft" || method === "distill") return "Supervised";
  if (produces === "reward-model") return "Reward model";
  return onPolicy ? "Online RL" : "Offline preference";
}

/** How the model learns: one list, by what each kind of method learns from. */
export function MethodSection({ method, onChange, set, changed }: Props) {
  const { about, label } = methodOf({ method });
  return (
    <Card title="Method">
      <select
        aria-label="Method"
        value={method}
        onChange={(event) => onChange(event.target.value as Method)}
        className="w-full rounded-md border bg-canvas px-3 py-2"
      >
        {kinds.map((kind) => (
          <optgroup key={kind} label={kind}>
            {allMethods
              .filter(({ name }) => kindOf(name) === kind)
              .map(({ name, label }) => (
                <option key={name} value={name}>
                  {label}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      <p className="mt-1 text-soft text-xs">
        {about} {rowWords(method, set)}
        {(method === "dpo" || method === "ppo") && (
          <>
            {" "}
            <Link href="/derivation" target="_blank" className="whitespace-nowrap text-accent underline">
              How DPO follows from PPO's objective
            </Link>
          </>
        )}
      </p>
      {changed.length > 0 && (
        <p className="numbers mt-2 text-warn text-xs" aria-live="polite">
          {label} has defaults of its own: {changed.join("; ")}.
        </p>
      )}
      <details className="mt-2 text-xs">
        <summary className="text-soft">Compare methods</summary>
        <dl className="mt-2 grid gap-x-4 gap-y-1.5 sm:grid-cols-[max-content_1fr]">
          {allMethods.map(({ name, label, about }) => (
            <div key={name} className="contents">
              <dt className="font-medium">{label}</dt>
              <dd className="text-soft">{about}</dd>
            </div>
          ))}
        </dl>
      </details>
    </Card>
  );
}
