// Posts what it is sent and gives back what came: a thread of its own, since the one that asks stands still until it has the answer.
import { workerData } from "node:worker_threads";

const { port, answered } = workerData;

port.on("message", async ({ address, body, timeoutMs }) => {
  port.postMessage(await posted(address, body, timeoutMs));
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
});

async function posted(address, body, timeoutMs) {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      redirect: "error", // the address that was given, and no other
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (error.name === "TimeoutError") return { error: `no answer within ${timeoutMs / 1000} s` };
    return { error: error.cause?.message || error.cause?.code || error.message };
  }
}
