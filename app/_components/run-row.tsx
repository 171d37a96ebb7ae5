import { TriangleAlert } from "lucide-react";
import type { RunSummary } from "@/lib/runs/run-schema";
import { methodOf } from "@/spec/methods/all";
import { Progress } from "../ui/cards";
import { duration, number } from "../ui/format";
import { Link } from "../ui/link";
import { Status } from "../ui/status";

export function RunRow({ run }: { run: RunSummary }) {
  const accuracy = run.latest["eval_rewards/accuracies"] ?? run.latest["rewards/accuracies"];
  return (
    <li className="py-2.5 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <Link href={`/runs/${run.id}`} className="min-w-0 truncate font-medium hover:underline">
          {run.name}
        </Link>
        <span className="flex items-center gap-3">
          {run.alertCount > 0 && (
            <span className="flex items-center gap-1 text-warn text-xs">
              <TriangleAlert size={14} aria-hidden /> {run.alertCount === 1 ? "1 alert" : `${run.alertCount} alerts`}
            </span>
          )}
          <Status run={run} />
        </span>
      </div>
      <p className="numbers mt-0.5 flex flex-wrap gap-x-4 text-soft">
        <span>
          {methodOf(run).label} · {run.model}
        </span>
        <span>
          step {run.step}
          {run.totalSteps !== null && ` of ${run.totalSteps}`}
        </span>
        {accuracy !== undefined && <span>accuracy {number(accuracy, 2)}</span>}
        {run.latest["on_policy/kl"] !== undefined && <span>KL {number(run.latest["on_policy/kl"], 2)} nats/seq</span>}
        {run.remainingMs !== null && <span>{duration(run.remainingMs)} left</span>}
      </p>
      {run.status === "running" && (
        <div className="mt-2">
          <Progress value={run.step / (run.totalSteps ?? Number.POSITIVE_INFINITY)} label={`${run.name}: progress`} />
        </div>
      )}
    </li>
  );
}
