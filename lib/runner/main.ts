// The runner: one long-lived process that claims runs, as many as this machine has room for and as others take, and keeps their trainers honest.
// Ctrl-C (or SIGTERM) saves the run in hand and leaves it queued, so the next start goes on from there; jobs on other machines go on meanwhile.
import { totalmem } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { removeOld } from "../access/retention";
import { retryOnBusy } from "../db/busy";
import { log, startLog } from "../logging/log";
import { runsAtOnce } from "../settings/runs-at-once";
import { thisProcess } from "../this-process";
import { spawnTrainer, type Trainer } from "./child";
import { type Claim, claimRun, isElsewhere } from "./claim";
import { beginHeartbeat } from "./heartbeat";
import { reclaim } from "./reclaim";
import { eventually, orSay } from "./retry";
import { hasRoom, processorsOf } from "./room";

startLog("runner");
process.on("uncaughtExceptionMonitor", (error) => log().fatal({ err: error }, "the runner ends"));
const owner = thisProcess();
const hourMs = 3_600_000;
let closing = false;
const trainers = new Set<Trainer>();
/** Those of them that train on this machine, by their slots. */
const here = new Map<number, Claim["run"]>();
const hasRoomFor = (memory: number | null) =>
  hasRoom(
    { count: runsAtOnce(), memory: totalmem() },
    [...here.values()].map((run) => run.memory),
    memory,
  );

for (const name of ["SIGINT", "SIGTERM"] as const)
  process.on(name, () => {
    closing = true;
    for (const trainer of trainers) trainer.shutDown();
  });

function freeSlot(): number {
  let slot = 0;
  while (here.has(slot)) slot++;
  return slot;
}

function start(claim: Claim): Trainer {
  const slot = isElsewhere(claim.run) ? null : freeSlot();
  const processors = slot === null ? null : processorsOf(slot, runsAtOnce());
  const trainer = spawnTrainer(claim, () => closing, undefined, processors);
  trainers.add(trainer);
  if (slot !== null) here.set(slot, claim.run);
  void trainer.ended.then(() => {
    trainers.delete(trainer);
    if (slot !== null) here.delete(slot);
  });
  return trainer;
}

const endHeartbeat = beginHeartbeat(owner);
let tidiedAt = 0;
while (!closing) {
  if (Date.now() - tidiedAt > hourMs) {
    orSay(() => retryOnBusy(() => removeOld(Date.now())));
    tidiedAt = Date.now();
  }
  const saving = await eventually(() => reclaim(Date.now()));
  const claim = saving ? null : await eventually(() => claimRun(owner, Date.now, hasRoomFor));
  if (claim) {
    log().info({ run: claim.run.id, attempt: claim.attempt }, "a run is claimed");
    const trainer = await eventually(() => start(claim));
    if (closing) trainer.shutDown();
  } else await wait(500);
}
await Promise.all([...trainers].map((trainer) => trainer.ended));
endHeartbeat();
