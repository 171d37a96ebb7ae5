import type { RunSummary } from "@/lib/runs/run-schema";
import { Card } from "../../ui/cards";

/** Of the compared runs those that have nothing to show so far, and why. */
export function Waiting({ runs }: { runs: RunSummary[] }) {
  const waiting = runs.filter((run) => Object.keys(run.latest).length === 0);
  if (waiting.length === 0) return null;
  return (
    <Card title="No data yet">
      <ul className="numbers text-soft">
        {waiting.map((run) => (
          <li key={run.id}>
            <span className="font-medium text-ink">{run.name}</span>: {why(run)}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function why({ status, place, waitsFor }: RunSummary): string {
  if (waitsFor.length > 0) return `starts when ${waitsFor.map(({ name }) => name).join(", ")} has finished.`;
  if (place !== null) return place === 1 ? "starts next." : `number ${place} in the queue.`;
  if (status === "running") return "its first values come with its first step.";
  return `${status} before its first step.`;
}
