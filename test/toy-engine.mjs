// An engine that trains nothing: it reports a curve, and its learning rate as the loss on held-out rows, saves every tenth step and goes on from what it saved. What an engine owes the workbench
// is all here; see spec/engines.ts.
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const [folder, attempt] = process.argv.slice(2);
const read = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const emit = (event) => {
  const line = `${JSON.stringify({ at: Date.now(), ...event })}\n`;
  for (const half of [line.slice(0, 40), line.slice(40)])
    appendFileSync(join(folder, `events-${attempt}.ndjson`), half); // a kill may fall between
};
let stopped = false;
process.on("SIGTERM", () => (stopped = true));

function save(step) {
  const name = join(folder, "checkpoints", `step-${step}-a${attempt}`);
  const manifest = JSON.stringify({ step });
  mkdirSync(`${name}.tmp`, { recursive: true });
  writeFileSync(join(`${name}.tmp`, "manifest.json"), manifest);
  if (!existsSync(name)) renameSync(`${name}.tmp`, name);
  emit({ event: "checkpoint", step, folder: name, manifestHash: createHash("sha256").update(manifest).digest("hex") });
}

const { maxSteps, evalEvery, optimizer } = read("run.json");
let step = read(`attempt-${attempt}.json`).checkpoints[0]?.step ?? 0;
emit({ event: "started", step, totalSteps: maxSteps, trainRows: 0, heldOutRows: 0, parameters: 0 });
while (step < maxSteps && !stopped) {
  step++;
  const evaluated = evalEvery && step % evalEvery === 0 ? { eval_loss: optimizer.learningRate } : {};
  emit({ event: "metrics", step, values: { loss: Math.sin(step) / step, grad_norm: 1 / step, ...evaluated } });
  if (step % 10 === 0) {
    emit({ event: "note", text: `step ${step} of attempt ${attempt}` });
    save(step);
  }
  await wait(1);
}
if (step % 10 !== 0) save(step);
emit({ event: "finished", stopped: step < maxSteps });
process.exit(step < maxSteps ? 3 : 0);
