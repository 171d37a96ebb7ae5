// Filling a queue with what is asked for one answer at a time: of endpoints, and of models of this machine that have no base in common.
import "server-only";
import type { Message } from "../../spec/chat";
import { isAlone } from "../../spec/queue-options";
import { requireSameQuestion } from "../annotation/items/asks-single";
import { addItems, answersAlone } from "../annotation/items/items";
import { queueCalled, queueNamed } from "../annotation/queues/new-queue";
import { retryOnBusyAsync } from "../db/busy";
import { endpointPairs } from "./endpoint-pairs";
import { type FillInput, fewestAnswers } from "./fill-schema";
import { writerFor } from "./writers";

/** What is wrong with writers or queue is said at once; the rest is the job's. The same request again asks endpoints nothing again: the cache answers. */
export function fillByRequests(input: FillInput, prompts: Message[][]) {
  const first = writerFor("first", input.first);
  const second = input.second === null ? first : writerFor("second", input.second);
  const single = isAlone(input.question);
  const known = queueCalled(input.queue);
  if (known) requireSameQuestion(known, input.question);
  return async (said: (line: string) => void, signal: AbortSignal): Promise<void> => {
    const { answers: samples, temperature, longest } = input;
    const least = single ? 1 : 2;
    let added = 0;
    said(`0 of ${prompts.length} prompts`);
    await endpointPairs(
      [first, second],
      { prompts, samples: Math.max(samples, fewestAnswers(input)), least, temperature, longest, signal },
      async (pairs, done, total) => {
        const records = single ? pairs.flatMap(answersAlone) : pairs;
        added += await retryOnBusyAsync(() => addItems(queueNamed(input.queue, Date.now(), input.question), records));
        said(`${done} of ${total} prompts, ${added} new ${single ? "answers" : "pairs"}`);
      },
    );
  };
}
