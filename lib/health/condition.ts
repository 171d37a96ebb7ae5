// What keeps the workbench from its work for now, as every page says it. Null where all is well.
import { disk, isAlmostFull } from "../../common/disk";
import { isBusy, withoutWaiting } from "../db/busy";
import { appDb } from "../db/client";
import { isAlive, lastBeat } from "../runs/runner-alive";

const words = {
  full: "The disk is full. Annotations wait in the browser and runs where they are: free some space (the Storage page lists what can go), and both go on.",
  held: "Another program holds the database. Annotations wait in the browser and runs where they are; both go on once it ends.",
  gone: "The runner is not there, so nothing trains. Restart the workbench with npm start: runs go on from their last checkpoint.",
};

/** A runner starts beside the web process. */
const startMs = 20_000;

export function conditionAt(now: number, servingMs = process.uptime() * 1000): string | null {
  if (isAlmostFull(disk())) return words.full;
  if (isAlive(lastBeat(), now) || servingMs < startMs) return null;
  return isHeld() ? words.held : words.gone; // a runner that cannot write is as silent as one that is gone
}

/** Whether another program is writing. Asked only when nothing was written for a while; does not wait. */
function isHeld(): boolean {
  try {
    withoutWaiting(() =>
      appDb()
        .$client.transaction(() => undefined)
        .immediate(),
    );
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  }
}
