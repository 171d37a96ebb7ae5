import { Ban, CheckCircle2, CircleDashed, Loader, XCircle } from "lucide-react";
import type { RunSummary } from "@/lib/runs/run-schema";

const looks = {
  queued: { icon: CircleDashed, color: "text-soft", words: "Queued" },
  running: { icon: Loader, color: "text-accent", words: "Running" },
  stopped: { icon: Ban, color: "text-warn", words: "Stopped" },
  finished: { icon: CheckCircle2, color: "text-good", words: "Finished" },
  failed: { icon: XCircle, color: "text-bad", words: "Failed" },
} as const;

/** A run's state as icon, colour and word. */
export function Status({ run }: { run: Pick<RunSummary, "status" | "stopping"> & Partial<Pick<RunSummary, "held">> }) {
  const { icon: Icon, color, words } = looks[run.status];
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap font-medium ${color}`}>
      <Icon
        size={15}
        aria-hidden
        className={run.status === "running" ? "animate-spin [animation-duration:2.5s]" : ""}
      />
      {run.stopping && run.status === "running" ? "Saving…" : run.held && run.status === "queued" ? "Held" : words}
    </span>
  );
}
