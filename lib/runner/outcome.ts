// What the end of a trainer's process means to its run.
import { savedStatus } from "../../spec/engines";
import { type Ended, endWords } from "../jobs/spawn";

const maxKills = 3;

/** Kills in a row of each run's trainers, whoever did it: memory that ran out, mostly. */
const kills = new Map<string, number>();

/** `hold`: it waits, saved, for others of its sweep to do worse. */
export type End = { status: "finished" | "stopped" | "queued" | "failed"; error: string | null; hold?: boolean };

/** What was asked of it meanwhile. */
export type Asked = "stop" | "hold" | null;

/** The status that an attempt leaves its run in. `reason` is what the trainer gave as its error. */
export function outcome(
  runId: string,
  end: Ended,
  { reason, asked, shuttingDown }: { reason: string | null; asked: Asked; shuttingDown: boolean },
): End {
  const { code, signal } = end;
  const count = (kills.get(runId) ?? 0) + 1;
  kills.delete(runId);
  if (code === 0) return { status: "finished", error: null };
  if (asked && (code === savedStatus || signal))
    return asked === "stop" ? { status: "stopped", error: null } : { status: "queued", error: null, hold: true };
  if (shuttingDown) return { status: "queued", error: null };
  if (code === savedStatus) return { status: "stopped", error: null };
  const killed = signal === "SIGKILL" || signal === "SIGTERM" || code === 137;
  if (!killed) return { status: "failed", error: reason ?? endWords(end) };
  if (count === maxKills)
    return {
      status: "failed",
      error: `the trainer was killed ${maxKills} times; if memory ran out, halve the batch size or the max length`,
    };
  kills.set(runId, count);
  return { status: "queued", error: null };
}
