// A thread that reads a binary file for us. Decoders trust what a file says of itself: one that hangs on a damaged count, or runs out of
// memory over it, ends its thread and not the program.
import { resolve } from "node:path";
import { Worker } from "node:worker_threads";

/** The answer of a thread that hung or died. */
export interface Gone {
  error: string;
  gone: true;
}

/** For one answer, in milliseconds. */
const patience = 60_000;
const memory = { maxOldGenerationSizeMb: 4096 };

/** `program` says one thing when it has begun, and one in answer to each question. A thread that is gone is replaced at the next one. */
export function readingThread<Answer extends object, Question = undefined>(program: string, path: string) {
  let worker: Worker | undefined;
  let settle: (answer: Answer | Gone) => void = () => undefined;
  const answer = () =>
    new Promise<Answer | Gone>((done) => {
      const timer = setTimeout(failed, patience, "reading it takes too long");
      settle = (given) => {
        clearTimeout(timer);
        done(given);
      };
    });
  const failed = (error: string) => {
    void worker?.terminate();
    worker = undefined;
    settle({ error, gone: true });
  };
  const begin = (): Promise<Answer | Gone> => {
    const file = resolve("common", "records", program);
    // not `new Worker`: the bundler of the pages would take the program for a module of theirs
    const own: Worker = Reflect.construct(Worker, [file, { workerData: path, resourceLimits: memory }]);
    const current = (work: () => void) => worker === own && work(); // one that was replaced has nothing to say
    own.on("message", (message: Answer) => current(() => settle(message)));
    own.on("error", (error: Error) => current(() => failed(error.message)));
    own.on("exit", () => current(() => failed("its reader ended")));
    worker = own;
    return answer();
  };
  return {
    begin,
    async ask(question: Question): Promise<Answer | Gone> {
      const begun = worker ? null : await begin();
      if (!worker || (begun && "error" in begun && begun.error))
        return { error: "its reader does not start", gone: true };
      worker.postMessage(question);
      return answer();
    },
    end: async () => void (await worker?.terminate()),
  };
}
