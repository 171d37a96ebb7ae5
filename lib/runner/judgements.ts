// Serves trainers that wait for people: a request's pairs go into a queue, opinions come back into its answer.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../common/whole-file";
import { type JudgementAnswer, judgementRequest } from "../../spec/judging";
import { type PairQueue, pairQueue } from "../annotation/queues/pair-queue";
import { appDb } from "../db/client";

export interface Desk {
  /** A request to serve from now on, in place of an earlier one. */
  open(files: { request: string; answer: string }): void;
  /** Writes down what people think by now, where anything has changed. To be called again and again. */
  look(): void;
}

/** The requests of a run in its folder. */
export function openDesk(folder: string, runId: string): Desk {
  let open: { pairs: Parameters<PairQueue["opinions"]>[0]; queue: PairQueue; answer: string } | null = null;
  let [written, seen] = ["", ""];

  function answer(path: string, value: JudgementAnswer): void {
    const text = JSON.stringify(value);
    if (text !== written) writeWhole(path, text);
    written = text;
  }

  function look(): void {
    const state = appState();
    if (!open || state === seen) return;
    const opinions = open.queue.opinions(open.pairs);
    answer(open.answer, { queue: open.queue.name, opinions });
    seen = state; // as it was before it was read: what comes in between is seen next time
    if (!opinions.includes(null)) open = null;
  }

  return {
    look,
    open(files) {
      [written, seen] = ["", ""];
      const { queue: id, pairs } = judgementRequest.parse(
        JSON.parse(readFileSync(join(folder, files.request), "utf8")),
      );
      const path = join(folder, files.answer);
      try {
        const queue = pairQueue(id, runId, Date.now());
        queue.add(pairs);
        open = { pairs, queue, answer: path };
      } catch (error) {
        answer(path, { problem: error instanceof Error ? error.message : String(error) });
      }
      look();
    },
  };
}

/** Another text after each change of app.db, by this process or another one. */
function appState(): string {
  const { $client } = appDb();
  const { own } = $client.prepare("SELECT total_changes() AS own").get() as { own: number };
  return `${$client.pragma("data_version", { simple: true })}/${own}`;
}
