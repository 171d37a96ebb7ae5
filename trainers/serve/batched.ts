// For models that the ops of native/ do not compute: a batch of waiting sequences is written to its end before the next begins. Those share a
// batch that one policy answers, and one temperature and truncation draws.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { FrozenPolicy } from "../inference/frozen-policy";
import { createSampling, type Sampling } from "../inference/sampling";
import type { Engine, EngineCounts, SequenceRequest } from "./sequence";

interface Row {
  request: SequenceRequest;
  over: boolean;
  cancelled: boolean;
}

/** What these models' sequences cannot be asked for. */
export const unserved = ({
  drawing,
  top,
  scorePrompt,
}: Pick<SequenceRequest, "drawing" | "top" | "scorePrompt">): string | null => {
  if (top !== null || scorePrompt) return "logprobs";
  if (drawing.bias.size > 0) return "logit_bias";
  if (drawing.frequencyPenalty !== 0) return "frequency_penalty";
  return drawing.presencePenalty !== 0 ? "presence_penalty" : null;
};

export function batchedEngine(
  policyOf: (name: string) => FrozenPolicy,
  rows: number,
  context: number,
  pad: number,
): Engine {
  const samplings = new WeakMap<FrozenPolicy, Sampling>(); // what they compile is for all batches
  let waiting: Row[] = [];
  let running: Row[] = [];
  let working = false;
  const counts = {
    promptTokens: 0,
    cachedTokens: 0,
    answerTokens: 0,
    proposedTokens: 0,
    acceptedTokens: 0,
    preemptions: 0,
  };

  return {
    context,
    submit(request) {
      const row = { request, over: false, cancelled: false };
      waiting.push(row);
      if (!working) void work();
      return {
        cancel() {
          row.cancelled = true;
        },
      };
    },
    counts: (): EngineCounts => ({
      running: running.filter(({ over }) => !over).length,
      waiting: waiting.length,
      ...{ ...counts, cachePages: 0, cachePagesHeld: 0, cacheTokens: 0 },
    }),
    uses: (policy) => [...running, ...waiting].some(({ request, over }) => !over && request.policy === policy),
  };

  async function work(): Promise<void> {
    working = true;
    while (true) {
      await nextTurn();
      for (const row of waiting.filter(({ cancelled }) => cancelled)) end(row);
      waiting = waiting.filter(({ over }) => !over);
      if (waiting.length === 0) break;
      const kind = kindOf(waiting[0]!.request);
      running = waiting.filter(({ request }) => kindOf(request) === kind).slice(0, rows);
      waiting = waiting.filter((row) => !running.includes(row));
      try {
        await write(running);
      } catch (error) {
        for (const row of running) end(row, error);
      }
      running = [];
    }
    working = false;
  }

  async function write(batch: Row[]): Promise<void> {
    const [{ policy, drawing }] = batch.map(({ request }) => request) as [SequenceRequest];
    const { temperature, topK, topP } = drawing;
    const own = policyOf(policy);
    const sampling = samplings.get(own) ?? createSampling(own.model, own.adapter);
    samplings.set(own, sampling);
    const steps = sampling(
      batch.map(({ request }) => request.prompt),
      {
        ...{ temperature, topK, topP, pad, ends: new Set<number>() },
        maxNewTokens: Math.max(...batch.map(({ request }) => request.maxNewTokens)),
        streams: batch.map(({ request }) => request.drawing.stream),
      },
    );
    for (const { request } of batch) counts.promptTokens += request.prompt.length;
    for (const completions of steps) {
      for (const [i, row] of batch.entries()) {
        take(row, completions[i]!.ids);
        completions[i]!.ended = row.over; // the others go on without it
      }
      if (batch.every(({ over }) => over)) break;
      await nextTurn();
    }
  }

  function take(row: Row, ids: readonly number[]): void {
    if (row.over) return;
    counts.answerTokens++;
    const isOver = row.request.token(ids.at(-1)!, null) || ids.length === row.request.maxNewTokens;
    if (isOver || row.cancelled) end(row);
  }

  function end(row: Row, error?: unknown): void {
    if (row.over) return;
    row.over = true;
    row.request.ended(0, error);
  }
}

const kindOf = ({ policy, drawing: { temperature, topK, topP } }: SequenceRequest) =>
  JSON.stringify([policy, temperature, topK, topP]);
