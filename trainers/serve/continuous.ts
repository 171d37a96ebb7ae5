// Continuous batching (Orca, Yu et al. 2022): sequences join and leave between two tokens. All of them stand in pages of one cache, over the
// ops of native/, and as many are written at once as there are pages for (PagedAttention, Kwon et al. 2023). A step reads the next tokens of every
// sequence in one pass, of a prompt many and of an answer one, and draws a token for each that is read to its end. A sequence that is written
// alone may have several read and drawn at once, see speculate.ts: beside others there is work enough for a step as it is.
import { setImmediate as nextTurn } from "node:timers/promises";
import { groupBy } from "../../common/group-by";
import { createRandom } from "../../common/random";
import { tf } from "../engine/tensorflow";
import { pagesFor, pagesOf } from "../inference/pages";
import { type NativeModel, nativeScores } from "../models/native-model";
import { headUnder } from "../models/under-adapter";
import { type Drawer, type DrawnToken, drawTokens, scoredTokens } from "./draw-tokens";
import { keptRows, leastShared, type ReadRow, shared } from "./kept-rows";
import { readTokens, type Unread } from "./read-tokens";
import type { Engine, EngineCounts, SequenceRequest, ServedPolicy, TokenLogProb } from "./sequence";
import { type LookAhead, lookAhead, type Propose } from "./speculate";

/** Tokens of prompts that a step reads: those who wait for their next token wait for these as well. */
const promptTokensAStep = 256;
/** Sequences at once for each of full length that the cache has room for: most are shorter. */
const atOnceARow = 4;

interface Sequence extends Drawer {
  request: SequenceRequest;
  uniforms: LookAhead;
  /** Prompt and answer. */
  ids: number[];
  /** What is in the cache of them; null while it waits. */
  read: ReadRow | null;
  /** Tokens of the prompt that were there when it was begun; null before. */
  cached: number | null;
  cancelled: boolean;
  scoredPrompt: TokenLogProb[];
}
type Written = Sequence & { read: ReadRow };

/** What a step reads of a sequence. */
interface Reading extends Unread {
  sequence: Written;
}

/** `policyOf` gives policies whose keys and values are shaped as `native`'s; a sequence has at most `context` tokens, and the cache has room for `rows` of that length. */
export function continuousEngine(
  policyOf: (name: string) => ServedPolicy,
  rows: number,
  context: number,
  native: NativeModel,
  propose: Propose = () => [],
): Engine {
  let waiting: Sequence[] = [];
  let running: Written[] = []; // in the order in which they came
  const cache = native.cache(rows * pagesFor(context));
  const pages = pagesOf(cache);
  const kept = keptRows(pages);
  const counts = {
    promptTokens: 0,
    cachedTokens: 0,
    answerTokens: 0,
    proposedTokens: 0,
    acceptedTokens: 0,
    preemptions: 0,
  };
  const headOf = (name: string) => headUnder(policyOf(name).model, policyOf(name).adapter);
  let working = false;

  return {
    context,
    submit(request) {
      const sequence = waitingSequence(request);
      waiting.push(sequence);
      if (!working) void work();
      return {
        cancel() {
          sequence.cancelled = true;
        },
      };
    },
    counts(): EngineCounts {
      const { pages: cachePagesHeld, tokens: cacheTokens } = pages.held();
      const cachePages = cache.keys.shape[0]!;
      return { running: running.length, waiting: waiting.length, ...counts, cachePages, cachePagesHeld, cacheTokens };
    },
    uses: (policy) => [...running, ...waiting].some(({ request }) => request.policy === policy),
  };

  async function work(): Promise<void> {
    working = true;
    while (true) {
      await nextTurn(); // requests come in, and answers go out
      for (const { request, cached } of waiting.filter(({ cancelled }) => cancelled)) request.ended(cached ?? 0);
      waiting = waiting.filter(({ cancelled }) => !cancelled);
      for (const sequence of running.filter(({ cancelled }) => cancelled)) end(sequence);
      admit();
      if (running.length === 0) break;
      try {
        step();
      } catch (error) {
        for (const sequence of [...running]) end(sequence, error);
      }
    }
    working = false;
  }

  /** Begins waiting sequences, in their order, while there is room for their tokens and a page more for each of the others. */
  function admit(): void {
    while (waiting.length > 0 && running.length < atOnceARow * rows) {
      const [sequence] = waiting as [Sequence];
      const read = begun(sequence);
      if (!read) return;
      waiting.shift();
      if (sequence.cached === null) {
        sequence.cached = read.ids.length;
        counts.promptTokens += sequence.ids.length;
        counts.cachedTokens += sequence.cached;
      }
      running.push(Object.assign(sequence, { read }));
    }
  }

  /** A row for the sequence with what is there of its tokens; null where it has to wait. */
  function begun({ request: { policy, scorePrompt }, ids }: Sequence): ReadRow | null {
    const written = running.map((one) => one.read);
    const read = scorePrompt ? kept.empty(policy) : kept.begin(ids, policy, written);
    const isFirst = running.length === 0; // for one alone there is room
    const needed = pages.needed(read.row, ids.length - read.ids.length + 1) + running.length;
    const waits = !scorePrompt && isBeingRead(policy, ids, read.ids.length);
    if (!waits && (isFirst || kept.makeRoom(needed))) return read;
    kept.keep(read);
    return null;
  }

  /** Whether more of the first tokens than `there` will be in the cache once another prompt is read: it is worth waiting for. */
  function isBeingRead(policy: string, ids: number[], there: number): boolean {
    const common = (other: number[]) => Math.min(shared(other, ids), ids.length - 1);
    const reading = running.filter(({ request, answer }) => request.policy === policy && answer.length === 0);
    return reading.some((other) => common(other.ids) >= there + leastShared);
  }

  function step(): void {
    const [sequence] = running as [Written];
    const proposed = running.length === 1 ? proposedFor(sequence) : [];
    if (proposed.length > 0) readAhead(sequence, proposed);
    else readAll();
  }

  function readAll(): void {
    for (const [policy, own] of groupBy(withRoom(nextReadings()), ({ sequence }) => sequence.request.policy)) {
      const whole = own.filter(({ sequence, read, some }) => read.ids.length + some.length === sequence.ids.length);
      const ending = whole.filter(({ sequence }) => sequence.request.maxNewTokens === 0);
      const predicting = whole.filter((reading) => !ending.includes(reading));
      const drawn = computed(policy, own, predicting);
      for (const { read, some } of own) read.ids.push(...some);
      for (const { sequence } of whole)
        if (sequence.answer.length === 0) sequence.request.scoredPrompt?.(sequence.scoredPrompt);
      for (const { sequence } of ending) end(sequence);
      for (const [i, { sequence }] of predicting.entries()) append(sequence, drawn[i]!.id, drawn[i]!.scored);
    }
  }

  /** The next token of every answer, and of prompts as many as a step may read; the shortest first. */
  function nextReadings(): Reading[] {
    let budget = promptTokensAStep;
    const readings = running.map((sequence): Reading => {
      const { read } = sequence;
      const unread = sequence.ids.slice(read.ids.length);
      if (unread.length === 1) return { sequence, read, some: unread };
      const some = unread.slice(0, budget);
      budget -= some.length;
      return { sequence, read, some };
    });
    return readings.filter(({ some }) => some.length > 0).sort((a, b) => a.some.length - b.some.length);
  }

  /** Those of them that the cache has room for: the sequences that came last give theirs up where it has not, and wait again. */
  function withRoom(readings: Reading[]): Reading[] {
    const needed = () => readings.reduce((sum, { read, some }) => sum + pages.needed(read.row, some.length), 0);
    while (!kept.makeRoom(needed())) {
      const last = running.at(-1)!;
      leave(last);
      counts.preemptions++;
      pages.cut(last.read.row, 0);
      waiting.unshift(Object.assign(last, { read: null, scoredPrompt: [] }));
      readings = readings.filter(({ sequence }) => sequence !== last);
    }
    return readings;
  }

  /** Reads them, scores the prompts that are to be scored, and draws a token after each of `predicting`. */
  function computed(policy: string, readings: Reading[], predicting: Reading[]): DrawnToken[] {
    let drawn: DrawnToken[] = [];
    tf.tidy(() => {
      const hidden = forward(policy, readings); // [tokens, d]
      const lasts: number[] = [];
      let end = 0;
      for (const reading of readings) {
        const { sequence, some } = reading;
        if (sequence.request.scorePrompt && sequence.answer.length === 0)
          sequence.scoredPrompt.push(...scored(reading, hidden.slice([end, 0], [some.length, -1])));
        end += some.length;
        if (predicting.includes(reading)) lasts.push(end - 1);
      }
      if (lasts.length === 0) return;
      const scores = nativeScores(tf.gather(hidden, tf.tensor1d(lasts, "int32")), headOf(policy)); // [predicting, V]
      drawn = drawTokens(
        scores,
        predicting.map(({ sequence }) => sequence),
      );
    });
    return drawn;
  }

  /** How likely each of the tokens that follow `some` in the prompt was. hidden [T, d] */
  function scored({ sequence, read, some }: Reading, hidden: tf.Tensor2D): TokenLogProb[] {
    const at = read.ids.length + 1;
    const next = sequence.ids.slice(at, at + some.length);
    if (next.length === 0) return [];
    const scores = nativeScores(hidden.slice([0, 0], [next.length, -1]), headOf(sequence.request.policy));
    return scoredTokens(scores, next, sequence.request.top ?? 0);
  }

  /** → [tokens, d] */
  function forward(policy: string, readings: Unread[]): tf.Tensor2D {
    for (const { read, some } of readings) pages.extend([read.row], some.length);
    return readTokens(policyOf(policy).native!, cache, readings);
  }

  /** What the sequence may go on with, as far as there is a token to be drawn after it. */
  function proposedFor({ ids, answer, request }: Sequence): number[] {
    const most = request.maxNewTokens - answer.length - 1;
    return answer.length > 0 && most > 0 ? propose(ids, most) : [];
  }

  /** Reads the token that was drawn last and what may follow it; draws a token after each, and keeps them up to the first that was not proposed. */
  function readAhead(sequence: Written, proposed: number[]): void {
    const { answer, uniforms, read, request } = sequence;
    const some = [...sequence.ids.slice(-1), ...proposed];
    kept.makeRoom(pages.needed(read.row, some.length));
    const drawers = uniforms.peek(some.length).map((number, i): Drawer => {
      return { ...sequence, random: () => number, answer: [...answer, ...proposed.slice(0, i)] };
    });
    const scores = tf.tidy(() => nativeScores(forward(request.policy, [{ read, some }]), headOf(request.policy))); // [1 + proposed, V]
    const drawn = drawTokens(scores, drawers);
    scores.dispose();
    const accepted = proposed.findIndex((id, i) => drawn[i]!.id !== id);
    const right = some.slice(0, accepted < 0 ? some.length : 1 + accepted);
    read.ids.push(...right);
    pages.cut(read.row, read.ids.length);
    counts.proposedTokens += proposed.length;
    counts.acceptedTokens += right.length - 1;
    for (const { id, scored } of drawn.slice(0, right.length)) {
      uniforms.next();
      append(sequence, id, scored);
      if (!running.includes(sequence)) return;
    }
  }

  function append(sequence: Written, id: number, told: TokenLogProb | null): void {
    sequence.ids.push(id);
    sequence.answer.push(id);
    counts.answerTokens++;
    if (sequence.request.token(id, told) || sequence.answer.length === sequence.request.maxNewTokens) end(sequence);
  }

  function end(sequence: Written, error?: unknown): void {
    leave(sequence);
    if (error === undefined) kept.keep(sequence.read);
    else pages.cut(sequence.read.row, 0);
    sequence.request.ended(sequence.cached ?? 0, error);
  }

  function leave(sequence: Written): void {
    running = running.filter((one) => one !== sequence);
  }
}

function waitingSequence(request: SequenceRequest): Sequence {
  const { drawing, top } = request;
  const uniforms = lookAhead(createRandom("sample", drawing.stream));
  const drawer = { drawing, top, uniforms, random: uniforms.next, answer: [] };
  return { request, ...drawer, ids: [...request.prompt], read: null, cached: null, cancelled: false, scoredPrompt: [] };
}
