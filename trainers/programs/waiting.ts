// Rewards and turns of environments are asked for off the tape and in order, so whoever asks waits: the work is done in a thread of its own, and this
// one stands still until it has an answer.
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";

/** Null where the thread says nothing for `timeoutMs`: it hangs. */
type Ask<Question, Answer> = (question: Question, timeoutMs: number) => Answer | null;

/** A thread that runs `program`, a module that calls answerWith (answering.mjs). It begins at the first question and keeps nobody from ending. */
export function askThread<Question, Answer>(program: string, data: object = {}): Ask<Question, Answer> {
  let thread: { port: MessagePort; signal: Int32Array } | null = null;
  return (question, timeoutMs) => {
    thread ??= begun(program, data);
    const { port, signal } = thread;
    Atomics.store(signal, 0, 0);
    port.postMessage(question);
    if (Atomics.wait(signal, 0, 0, timeoutMs) === "timed-out") return null;
    return receiveMessageOnPort(port)!.message as Answer;
  };
}

function begun(program: string, data: object): { port: MessagePort; signal: Int32Array } {
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(program, {
    workerData: { ...data, port: port2, answered: signal },
    transferList: [port2],
    execArgv: [], // plain JavaScript: no loader, which would want this thread's attention
  });
  worker.unref();
  port1.unref();
  return { port: port1, signal };
}

/** Stands still for so long. */
export const pause = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
