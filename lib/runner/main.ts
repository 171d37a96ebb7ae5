// The runner: one long-lived process that claims runs one at a time and keeps their trainers honest.
// Ctrl-C (or SIGTERM) saves the run in hand and leaves it queued, so the next start goes on from there.
import { setTimeout as wait } from "node:timers/promises";
import { log, startLog } from "../logging/log";
import { thisProcess } from "../this-process";
import { spawnTrainer, type Trainer } from "./child";
import { claimRun } from "./claim";
import { beginHeartbeat } from "./heartbeat";
import { eventually } from "./retry";
import { takeBack } from "./take-back";

startLog("runner");
process.on("uncaughtExceptionMonitor", (error) => log().fatal({ err: error }, "the runner ends"));
const owner = thisProcess();
let closing = false;
let current: Trainer | null = null;

for (const name of ["SIGINT", "SIGTERM"] as const)
  process.on(name, () => {
    closing = true;
    current?.stop();
  });

const endHeartbeat = beginHeartbeat(owner);
while (!closing) {
  const saving = await eventually(() => takeBack(Date.now()));
  const claim = saving ? null : await eventually(() => claimRun(owner, Date.now));
  if (claim) {
    log().info({ run: claim.run.id, attempt: claim.attempt }, "a run is claimed");
    current = await eventually(() => spawnTrainer(claim, () => closing));
    if (closing) current.stop();
    await current.ended;
    current = null;
  } else await wait(500);
}
endHeartbeat();
