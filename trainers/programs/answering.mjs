// The other side of waiting.ts, in the thread that does the work.
import { workerData } from "node:worker_threads";

const { port, answered } = workerData;

/** `work` makes an answer of each question. */
export function answerWith(work) {
  port.on("message", async (question) => {
    port.postMessage(await work(question));
    Atomics.store(answered, 0, 1);
    Atomics.notify(answered, 0);
  });
}
