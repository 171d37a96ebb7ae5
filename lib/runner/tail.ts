// Reads the events of an attempt as they are appended, piece by piece, into the databases.
import { closeSync, existsSync, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { linesFrom } from "../../common/appended-lines";
import { type DatedEvent, readEvent } from "../../common/event-line";
import { eventsFile } from "../../spec/events";
import { type Attempt, fenceOf } from "../runs/attempts";
import { recordEvents } from "../runs/record-events";

/**
 * What `attempt` has appended to its events in `folder` since it was last read, for the attempt that holds the lease. `heard` gets each event once its rows are
 * written. Throws, having written nothing of the piece in hand, where the databases cannot be written.
 */
export function readEvents(
  folder: string,
  attempt: Attempt,
  holder: Attempt,
  heard: (event: DatedEvent) => void = () => {},
): void {
  const path = join(folder, eventsFile(attempt.attempt));
  const fence = fenceOf(attempt.runId);
  const size = sizeOf(path);
  for (let from = fence?.bytesRead ?? 0; from < size; ) {
    const { lines, end } = linesFrom(path, from);
    if (end === from) return;
    const read = lines.map((line) => readEvent(line, Date.now()));
    const events = read.flatMap((one) => ("event" in one ? [one] : []));
    const odd = read.flatMap((one) => ("event" in one ? [] : [one]));
    recordEvents(attempt, holder, { events, odd, from, to: end });
    for (const event of events) heard(event);
    from = end;
  }
}

/** Of an opened file: NFS may tell an old size of one that another machine appends to until it is opened. */
function sizeOf(path: string): number {
  if (!existsSync(path)) return 0;
  const file = openSync(path, "r");
  try {
    return fstatSync(file).size;
  } finally {
    closeSync(file);
  }
}
