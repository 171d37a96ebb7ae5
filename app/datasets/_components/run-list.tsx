import type { HangsOn } from "@/lib/datasets/manage/hangs-on";
import { Card } from "../../ui/cards";
import { Link } from "../../ui/link";

/** Runs that were trained on a dataset, the newest ones. */
export function RunList({ runs }: Pick<HangsOn, "runs">) {
  if (runs.length === 0) return null;
  return (
    <Card title={`Runs trained on it (${runs.length})`}>
      <ul className="grid gap-1">
        {runs.slice(0, 10).map((run) => (
          <li key={run.id}>
            <Link href={`/runs/${run.id}`} className="underline">
              {run.name}
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
