// The runner: one long-lived process that claims runs, one at a time for this machine and as many as others take, and keeps their trainers honest.
// Ctrl-C (or SIGTERM) saves the run in hand and leaves it queued, so the next start goes on from there; jobs on other machines go on meanwhile.
import { setTimeout as wait } from "node:timers/promises";
import { log, startLog } from "../logging/log";
import { thisProcess } from "../this-process";
import { spawnTrainer, type Trainer } from "./child";
import { type Claim, claimRun, isElsewhere } from "./claim";
import { beginHeartbeat } from "./heartbeat";
import { eventually } from "./retry";
import { takeBack } from "./take-back";

startLog("runner");
process.on("uncaughtExceptionMonitor", (error) => log().fatal({ err: error }, "the runner ends"));
const owner = thisProcess();
let closing = false;
/** At work; no more than one of them here. */
const trainers = new Set<Trainer>();
let here: Trainer | null = null;

for (const name of ["SIGINT", "SIGTERM"] as const)
  process.on(name, () => {
    closing = true;
    for (const trainer of trainers) trainer.shutDown();
  });

function start(claim: Claim): Trainer {
  const trainer = spawnTrainer(claim, () => closing);
  trainers.add(trainer);
  if (!isElsewhere(claim.run)) here = trainer;
  void trainer.ended.then(() => {
    trainers.delete(trainer);
    if (here === trainer) here = null;
  });
  return trainer;
}

const endHeartbeat = beginHeartbeat(owner);
while (!closing) {
  const saving = await eventually(() => takeBack(Date.now()));
  const claim = saving ? null : await eventually(() => claimRun(owner, Date.now, here === null));
  if (claim) {
    log().info({ run: claim.run.id, attempt: claim.attempt }, "a run is claimed");
    const trainer = await eventually(() => start(claim));
    if (closing) trainer.shutDown();
  } else await wait(500);
}
await Promise.all([...trainers].map((trainer) => trainer.ended));
endHeartbeat();
