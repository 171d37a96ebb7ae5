import type { RunSummary } from "@/lib/runs/run-schema";
import { priorities } from "@/spec/run-status";

const words: Record<RunSummary["priority"], string> = { high: "High", normal: "Normal", low: "Low" };

interface Props {
  name: string;
  priority: RunSummary["priority"];
  onChange: (priority: RunSummary["priority"]) => void;
}

/** Which queued runs go before this one. */
export const Priority = ({ name, priority, onChange }: Props) => (
  <select
    data-needs="write"
    aria-label={`Priority of ${name}`}
    title="High goes before all others, low after them"
    value={priority}
    onChange={(event) => onChange(event.target.value as RunSummary["priority"])}
    className="rounded-md border bg-canvas px-1.5 py-0.5 text-xs"
  >
    {priorities.map((one) => (
      <option key={one} value={one}>
        {words[one]}
      </option>
    ))}
  </select>
);
