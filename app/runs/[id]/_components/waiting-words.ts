import type { RunDetail } from "@/lib/runs/run-schema";
import { duration } from "../../../ui/format";

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

/** What became of a run that is behind in its sweep; null of any other. */
export function halvingWords({
  status,
  held,
  step,
  halving,
}: Pick<RunDetail, "status" | "held" | "step" | "halving">): string | null {
  const last = halving?.rungs.at(-1);
  if (!halving || !last) return null;
  const at = last.place === null ? "" : `, number ${last.place} of ${last.of} at step ${last.step}`;
  if (held && status === "queued")
    return `Saved at step ${step}${at}. One of ${halving.factor} goes on: this one once others of its sweep do worse, else it is stopped early.`;
  if (status === "stopped" && held)
    return `Stopped early${at}: others of its sweep did better. Resume trains it to its end.`;
  return null;
}

/** What a run that is to stop waits for, and what is lost by not waiting; null where it is not to stop. */
export function stoppingWords({
  stopping,
  step,
  latest,
  checkpoints,
}: Pick<RunDetail, "stopping" | "step" | "latest" | "checkpoints">): string | null {
  if (!stopping) return null;
  const each = latest.seconds == null ? "" : `, about ${duration(1000 * latest.seconds)}`;
  const saved = checkpoints[0]?.step ?? 0;
  const lost = step - saved;
  const cost =
    lost === 0
      ? `Stop now keeps step ${saved}`
      : `Stop now goes back to step ${saved} and loses ${lost === 1 ? "a step" : `${lost} steps`}`;
  return `Finishing step ${step + 1}${each}, then saving a checkpoint. ${cost}.`;
}
