// Documents judged on every core. A document at which a thread dies or hangs is dropped for it, and the others go on in a new thread.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { CorpusConfig } from "./corpus-schema";
import type { Outcome } from "./outcome";
import type { RawDocument } from "./reading/raw-document";

interface Work {
  config: CorpusConfig;
  tested: ReadonlySet<string>;
}

/** For one document: the largest take some seconds. */
const patienceMs = 120_000;
const memory = { maxOldGenerationSizeMb: 2048 };

export function judgingThreads(count: number, work: Work) {
  const free = Array.from({ length: count }, () => judgingThread(work));
  const all = [...free];
  const waiting: ((thread: (typeof all)[number]) => void)[] = [];
  return {
    async judge(documents: RawDocument[]): Promise<Outcome[]> {
      const thread = free.pop() ?? (await new Promise<(typeof all)[number]>((turn) => waiting.push(turn)));
      try {
        return await thread.judge(documents);
      } finally {
        const next = waiting.shift();
        if (next) next(thread);
        else free.push(thread);
      }
    },
    end: async () => void (await Promise.all(all.map((thread) => thread.end()))),
  };
}

function judgingThread(work: Work) {
  let worker: Worker | undefined;
  let isOver = false;
  /** Throws where it does not start: no document is to blame. */
  const begin = async () => {
    const begun = new Worker(new URL("./judging-thread.mjs", import.meta.url), {
      workerData: work,
      resourceLimits: memory,
      execArgv: [], // not those of this thread, which prepare a main one
    });
    worker = begun.on("exit", () => {
      if (worker === begun) worker = undefined;
    });
    const ended = once(begun, "exit").then(() => {
      throw new Error("a thread ended before it had begun");
    });
    await Promise.race([once(begun, "message"), ended]);
    return begun.on("error", () => undefined); // whoever waits for an answer hears of it too
  };
  return {
    async judge(documents: RawDocument[]): Promise<Outcome[]> {
      const outcomes: Outcome[] = [];
      while (outcomes.length < documents.length) {
        if (isOver) throw new Error("the work was given up");
        const ready = worker ?? (await begin());
        const died = await judged(ready, documents.slice(outcomes.length), (one) => outcomes.push(one));
        if (died === null || isOver) continue;
        await ready.terminate();
        worker = undefined;
        const culprit = documents[outcomes.length];
        if (culprit) outcomes.push(unreadable(culprit, died));
      }
      return outcomes;
    },
    async end(): Promise<void> {
      isOver = true;
      await worker?.terminate();
    },
  };
}

/** Null once all are judged; else why the thread gave up. */
function judged(worker: Worker, documents: RawDocument[], add: (one: Outcome) => void): Promise<string | null> {
  return new Promise((resolve) => {
    let left = documents.length;
    let timer = setTimeout(ends, patienceMs, `it takes longer than ${patienceMs / 1000} s`);
    const failed = (error: Error) => ends(error.message);
    const exited = () => ends("its reader ended");
    const answered = (one: Outcome) => {
      add(one);
      clearTimeout(timer);
      if (--left === 0) return ends(null);
      timer = setTimeout(ends, patienceMs, `it takes longer than ${patienceMs / 1000} s`);
    };
    function ends(reason: string | null) {
      clearTimeout(timer);
      worker.off("message", answered).off("error", failed).off("exit", exited);
      resolve(reason);
    }
    worker.on("message", answered).on("error", failed).on("exit", exited);
    worker.postMessage(documents);
  });
}

const unreadable = ({ id, url }: RawDocument, detail: string): Outcome => ({
  id,
  url,
  text: null,
  words: 0,
  language: null,
  drop: { step: "extraction", rule: "unreadable", detail },
  spared: [],
  masked: {},
  hash: null,
  signature: null,
});
