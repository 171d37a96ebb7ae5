// Process entry of a run under the runner: `tsx trainers/run.ts RUN_ID ATTEMPT`. Reads the run's row, trains, writes what happens
// through lib/runs/attempts.ts. Exit status: 0 finished, 3 stopped and saved, 4 lease lost, 1 failed.
import { inspect } from "node:util";
import { rowsOf } from "../lib/history/metric-rows";
import { notifyWebhook } from "../lib/runner/webhook";
import {
  appendAnswers,
  appendLog,
  appendPoint,
  beginAttempt,
  checkpointsOf,
  endAttempt,
  getRun,
  LeaseLost,
  recordAlert,
  recordCheck,
  recordCheckpoint,
  recordHistogram,
  recordNote,
  recordTotal,
} from "../lib/runs/attempts";
import { scoreCache } from "../lib/runs/score-cache";
import { alertWords } from "../spec/alerts";
import { storedConfig } from "../spec/stored-config";
import { onSignOfLife, signOfLife } from "./engine/sign-of-life";
import { explain } from "./run/explain";

const [runId, attemptText] = process.argv.slice(2);
if (!runId || !attemptText) throw new Error("usage: tsx trainers/run.ts RUN_ID ATTEMPT");
const attempt = { runId, attempt: Number(attemptText) };
const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => stop.abort());

/** To lib/runner/child.ts, where that started us. */
const report = (message: object) =>
  new Promise((resolve) => (process.send ? process.send(message, undefined, undefined, resolve) : resolve(null)));
onSignOfLife(() => void report({ alive: true }));
setInterval(signOfLife, 1000).unref();
/** What the webhook is being told: it gets its time before the process ends. */
const told: Promise<void>[] = [];

try {
  const row = getRun(runId);
  if (!row) throw new Error(`no run ${runId}`);
  const config = storedConfig(row.config);
  beginAttempt(attempt, Number.MAX_SAFE_INTEGER);
  const note = (text: string) => {
    appendLog(attempt, text, Date.now()); // first: pages read the log when they see the note
    recordNote(attempt, text);
  };
  const { run } = await import("./run/train"); // here, so that a missing backend is an error like any other
  const finished = await run(config, {
    signal: stop.signal,
    attempt: attempt.attempt,
    allowChanged: row.requested === "resume-changed",
    resume: checkpointsOf(runId),
    history: () => rowsOf(runId),
    scoreCache,
    observer: {
      note,
      started({ totalSteps, step, trainRows, heldOutRows, parameters }) {
        beginAttempt(attempt, step);
        recordTotal(attempt, totalSteps);
        note(
          `training on ${trainRows} rows, ${heldOutRows} held out, ${parameters.toLocaleString("en")} trained parameters`,
        );
      },
      metrics: (row) => appendPoint(attempt, row, Date.now()),
      answers: (step, answers) => appendAnswers(attempt, step, answers),
      alert(alert) {
        recordAlert(attempt, alert, Date.now());
        note(alertWords(alert));
        told.push(
          notifyWebhook({
            text: `${row.name}: ${alertWords(alert)}`,
            run: { id: runId, name: row.name },
            kind: "alert",
          }),
        );
      },
      histogram: (step, name, histogram) => recordHistogram(attempt, step, name, histogram),
      checked: (check) => recordCheck(attempt, check),
      checkpoint: (step, folder, manifestHash) => {
        appendLog(attempt, `saved step ${step}`, Date.now());
        recordCheckpoint(attempt, { step, folder, manifestHash }, Date.now());
      },
    },
  });
  endAttempt(attempt);
  await Promise.all(told);
  process.exit(finished ? 0 : 3);
} catch (error) {
  process.stderr.write(`${inspect(error)}\n`); // the attempt's log gets the stack with its causes, the page the sentence
  await Promise.all([...told, report({ failed: explain(error) })]);
  process.exit(error instanceof LeaseLost ? 4 : 1);
}
