// Serves trainers that wait for people, a judge or a grader: a request's pairs go into a queue, opinions come back into its answer; completions go to an
// endpoint, and its points come back.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { explain } from "../../common/explain";
import { writeWhole } from "../../common/whole-file";
import {
  type GradingAnswer,
  type GradingRequest,
  gradingRequest,
  type JudgementAnswer,
  type JudgementRequest,
  judgementRequest,
} from "../../spec/judging";
import { itemHash } from "../annotation/items/items";
import { gradeAll } from "../annotation/judges/grade";
import { judgeQueue } from "../annotation/judges/judge-queue";
import { judgeOf } from "../annotation/judges/judges";
import { type PairQueue, pairQueue } from "../annotation/queues/pair-queue";
import { retryOnBusy } from "../db/busy";
import { appDb } from "../db/client";
import { endpointNamed } from "../endpoints/endpoints";

export interface Desk {
  /** A request to serve from now on, in place of an earlier one. */
  open(files: { request: string; answer: string }): void;
  /** Writes down what people and the judge think by now, where anything has changed. To be called again and again. */
  look(): void;
  /** Asks no endpoint any more. */
  close(): void;
}

interface Open extends Pick<JudgementRequest, "pairs"> {
  queue: PairQueue;
  answer: string;
  /** Who judges beside the people, and whether that is done: what it could not judge is a tie then. */
  judge: { id: number; done: boolean } | null;
}

/** The requests of a run in its folder. */
export function openDesk(folder: string, runId: string): Desk {
  let open: Open | null = null;
  let asking = new AbortController();
  let [written, seen] = ["", ""];

  function answer(path: string, value: JudgementAnswer | GradingAnswer): void {
    const text = JSON.stringify(value);
    if (text !== written) writeWhole(path, text);
    written = text;
  }

  function look(): void {
    const state = `${appState()}/${open?.judge?.done}`;
    if (!open || state === seen) return;
    const { queue, pairs, judge } = open;
    const opinions = queue.opinions(pairs, judge?.id).map((opinion) => opinion ?? (judge?.done ? "tie" : null));
    answer(open.answer, { queue: queue.name, opinions });
    seen = state; // as it was before it was read: what comes in between is seen next time
    if (!opinions.includes(null)) open = null;
  }

  /** Its votes are seen as they come, as people's are. */
  function judgeBy(name: string, queue: PairQueue, pairs: Open["pairs"], path: string): Open["judge"] {
    const endpoint = endpointNamed(name);
    const judge = { id: retryOnBusy(() => judgeOf(endpoint, Date.now())), done: false };
    const { signal } = asking;
    judgeQueue(queue.id, endpoint, { only: pairs.map(itemHash), signal }).then(
      () => (judge.done = true),
      (error: unknown) => {
        if (signal.aborted) return;
        open = null;
        answer(path, { problem: explain(error) });
      },
    );
    return judge;
  }

  function judge({ queue: id, endpoint, pairs }: JudgementRequest, path: string): void {
    try {
      const queue = pairQueue(id, runId, Date.now());
      queue.add(pairs);
      open = { pairs, queue, answer: path, judge: endpoint === null ? null : judgeBy(endpoint, queue, pairs, path) };
    } catch (error) {
      answer(path, { problem: error instanceof Error ? error.message : String(error) });
    }
    look();
  }

  function grade({ id, endpoint, ...asked }: GradingRequest, path: string): void {
    const { signal } = asking;
    const points = async () => gradeAll(endpointNamed(endpoint), asked, signal);
    points().then(
      (given) => answer(path, { id, points: given }),
      (error: unknown) => signal.aborted || answer(path, { id, problem: explain(error) }),
    );
  }

  return {
    look,
    close: () => asking.abort(),
    open(files) {
      [written, seen] = ["", ""];
      open = null;
      asking.abort();
      asking = new AbortController();
      const request: unknown = JSON.parse(readFileSync(join(folder, files.request), "utf8"));
      const path = join(folder, files.answer);
      const { success, data } = gradingRequest.safeParse(request);
      if (success) grade(data, path);
      else judge(judgementRequest.parse(request), path);
    },
  };
}

/** Another text after each change of app.db, by this process or another one. */
function appState(): string {
  const { $client } = appDb();
  const { own } = $client.prepare("SELECT total_changes() AS own").get() as { own: number };
  return `${$client.pragma("data_version", { simple: true })}/${own}`;
}
