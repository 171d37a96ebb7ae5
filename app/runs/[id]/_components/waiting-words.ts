import type { RunDetail } from "@/lib/runs/run-schema";

/** What a run waits for whose runner cannot write, or is gone; null where all is well. */
export function waitingWords({
  status,
  runnerAlive,
  diskFull,
}: Pick<RunDetail, "status" | "runnerAlive" | "diskFull">): string | null {
  if (runnerAlive || (status !== "queued" && status !== "running")) return null;
  if (diskFull) return "The disk of the data folder is full. The run waits, and goes on by itself once there is room.";
  return status === "queued"
    ? "No runner process is alive to start this run; restart the workbench with npm start."
    : "The runner gives no sign of life. If another program holds the database, the run goes on by itself after that; otherwise restart the workbench with npm start.";
}
