// A job that its scheduler starts anew, as when its node failed, goes on from what the same attempt has saved and reported by then.
import { existsSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { allLines } from "../../common/appended-lines";
import { readEvent } from "../../common/event-line";
import { writeWhole } from "../../common/whole-file";
import { attemptFile, attemptInput, eventsFile, jsonLine, type TrainerEvent } from "../../spec/events";

/** Brings what the attempt's events tell into what its engine is told of earlier attempts. Again changes nothing. */
export function takeUp(folder: string, attempt: number): void {
  const events = join(folder, eventsFile(attempt));
  if (!existsSync(events)) return;
  cutOff(events);
  const file = join(folder, attemptFile(attempt));
  const input = attemptInput.parse(JSON.parse(readFileSync(file, "utf8")));
  const before = eventsIn(events);
  const saved = before.flatMap((event) => {
    if (event.event !== "checkpoint") return [];
    const { step, folder, manifestHash } = event;
    return [{ step, folder, manifestHash }];
  });
  const known = new Set(saved.map((one) => one.folder));
  const checkpoints = [...saved.reverse(), ...input.checkpoints.filter((one) => !known.has(one.folder))];
  const history = `history-${attempt}.ndjson`;
  writeWhole(join(folder, history), historyOf(input.history && join(folder, input.history), before));
  writeWhole(file, `${JSON.stringify({ ...input, checkpoints, history }, null, 2)}\n`);
}

/** A kill may have left the last line unfinished; nobody has read that. */
function cutOff(events: string): void {
  const text = readFileSync(events);
  truncateSync(events, text.lastIndexOf("\n") + 1);
}

const eventsIn = (path: string): TrainerEvent[] =>
  [...allLines(path)].map((line) => readEvent(line, 0)).filter((one) => "event" in one);

/** Metrics of earlier attempts and of this one, a line per step. */
function historyOf(earlier: string | null, events: TrainerEvent[]): string {
  const lines = new Map<number, string>();
  if (earlier)
    for (const line of allLines(earlier)) lines.set((JSON.parse(line) as { step: number }).step, `${line}\n`);
  for (const event of events) {
    if (event.event === "started") for (const step of lines.keys()) if (step > event.step) lines.delete(step);
    if (event.event === "metrics") lines.set(event.step, jsonLine({ step: event.step, ...event.values }));
  }
  return [...lines.values()].join("");
}
