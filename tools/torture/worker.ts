// A runner's part in claims.ts and stopped-workers.ts, in a process of its own. Says each claim, and each point once it is stored.
//   worker.ts claim            claims and finishes runs until none is left
//   worker.ts write            claims one run and writes points until it is told that another has it
//   worker.ts take-over        claims a run for each line that it reads, writes three points and finishes it
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { beat, type Claim, claimRun, release } from "../../lib/runner/claim";
import { type Attempt, LeaseLost } from "../../lib/runs/attempts";
import { appendPoint, beginAttempt } from "../../test/attempts";

const [mode] = process.argv.slice(2);
const owner = `worker ${process.pid}`;
const say = (words: object) => writeSync(1, `${JSON.stringify(words)}\n`);

function claimed(): Attempt | null {
  let at = 0;
  const claim: Claim | null = claimRun(owner, () => {
    at = Date.now();
    return at;
  });
  if (claim === null) return null;
  const own = { runId: claim.run.id, attempt: claim.attempt };
  say({ claimed: own.runId, attempt: own.attempt, at });
  return own;
}
const finish = (own: Attempt) => release({ ...own, owner }, { status: "finished", error: null, now: Date.now() });

if (mode === "claim")
  for (let own = claimed(); own; own = claimed()) say({ finished: own.runId, holds: finish(own) !== null });
if (mode === "write") {
  const own = claimed()!;
  try {
    beginAttempt(own, 0);
    for (let step = 1; ; step++, await wait(20)) {
      appendPoint(own, { step, loss: own.attempt }, Date.now());
      say({ stored: step });
    }
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    say({ lost: own.runId, beats: beat({ ...own, owner }, Date.now()), releases: finish(own) !== null });
  }
}
if (mode === "take-over")
  for await (const _ of createInterface({ input: process.stdin })) {
    const own = claimed()!;
    beginAttempt(own, 0);
    for (let step = 1; step <= 3; step++) appendPoint(own, { step, loss: own.attempt }, Date.now());
    say({ taken: own.runId });
  }
