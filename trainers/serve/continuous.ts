// Continuous batching (Orca, Yu et al. 2022): sequences join and leave between two tokens. All of them stand in pages of one cache, over the
// ops of native/; a step reads some tokens of new prompts and one token of every other sequence, and draws the next ones. A sequence that is
// written alone may have several read and drawn at once, see speculate.ts: beside others there is work enough for a step as it is.
import { setImmediate as nextTurn } from "node:timers/promises";
import { groupBy } from "../../common/group-by";
import { createRandom } from "../../common/random";
import { tf } from "../engine/tensorflow";
import { pagesFor, pagesOf } from "../inference/pages";
import { type NativeModel, nativeScores } from "../models/native-model";
import { headUnder } from "../models/under-adapter";
import { type Drawer, drawTokens, scoredTokens } from "./draw-tokens";
import type { Engine, EngineCounts, SequenceRequest, ServedPolicy, TokenLogProb } from "./sequence";
import { leastShared, newSlots, placeFor, type Slot, shared } from "./slots";
import { type LookAhead, lookAhead, type Propose } from "./speculate";

/** Tokens of prompts that a step reads: those who wait for their next token wait for these as well. */
const promptTokensAStep = 256;

interface Sequence extends Drawer {
  request: SequenceRequest;
  uniforms: LookAhead;
  /** Prompt and answer. */
  ids: number[];
  slot: Slot;
  cached: number;
  /** How many of `ids` are in the cache. */
  read: number;
  cancelled: boolean;
  scoredPrompt: TokenLogProb[];
}

/** Hidden states [1, d] that predict the next token of a sequence. */
type Predicting = { sequence: Sequence; hidden: tf.Tensor2D };

/** `policyOf` gives policies whose keys and values are shaped as `native`'s; a sequence has at most `context` tokens, and `rows` are written at once. */
export function continuousEngine(
  policyOf: (name: string) => ServedPolicy,
  rows: number,
  context: number,
  native: NativeModel,
  propose: Propose = () => [],
): Engine {
  let waiting: { request: SequenceRequest; cancelled: boolean }[] = [];
  let running: Sequence[] = [];
  const cache = native.cache(rows * pagesFor(context));
  const pages = pagesOf(cache);
  const slots = newSlots(rows);
  const counts = { promptTokens: 0, cachedTokens: 0, answerTokens: 0, proposedTokens: 0, acceptedTokens: 0 };
  const headOf = (name: string) => headUnder(policyOf(name).model, policyOf(name).adapter);
  let clock = 0;
  let working = false;

  return {
    context,
    submit(request) {
      const ticket = { request, cancelled: false };
      waiting.push(ticket);
      if (!working) void work();
      return {
        cancel() {
          ticket.cancelled = true;
          for (const sequence of running) if (sequence.request === request) sequence.cancelled = true;
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
      for (const { request } of waiting.filter(({ cancelled }) => cancelled)) request.ended(0);
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

  /** Gives waiting sequences slots, in their order. */
  function admit(): void {
    while (waiting.length > 0) {
      const { request } = waiting[0]!;
      const place = placeFor(slots, request.policy, request.prompt);
      if (!place || (!request.scorePrompt && isBeingRead(request, place.kept))) return;
      waiting.shift();
      const { slot, from } = place;
      const kept = request.scorePrompt ? 0 : place.kept;
      const row = pages.fork(from.row, kept);
      pages.cut(slot.row, 0);
      const ids = [...request.prompt];
      Object.assign(slot, { row, policy: request.policy, ids: ids.slice(0, kept), busy: true });
      const { drawing, top } = request;
      const uniforms = lookAhead(createRandom("sample", drawing.stream));
      const drawer = { drawing, top, uniforms, random: uniforms.next, answer: [] };
      const started = { ...drawer, ids, slot, cached: kept, read: kept };
      running.push({ request, ...started, cancelled: false, scoredPrompt: [] });
      counts.promptTokens += ids.length;
      counts.cachedTokens += kept;
    }
  }

  /** Whether more of the prompt's first tokens than `kept` will be there once another prompt is read: it is worth waiting for. */
  function isBeingRead({ policy, prompt }: SequenceRequest, kept: number): boolean {
    const common = (other: number[]) => Math.min(shared(other, prompt), prompt.length - 1);
    const reading = running.filter(({ request, read }) => request.policy === policy && read < request.prompt.length);
    return reading.some(({ request }) => common(request.prompt) >= kept + leastShared);
  }

  function step(): void {
    const [sequence] = running as [Sequence];
    const proposed = running.length === 1 ? proposedFor(sequence) : [];
    if (proposed.length > 0) readAhead(sequence, proposed);
    else readAll();
  }

  function readAll(): void {
    const predicting: Predicting[] = [...readPrompts(), ...readAnswers()];
    for (const [name, own] of groupBy(predicting, ({ sequence }) => sequence.request.policy)) {
      const scores = tf.tidy(() =>
        nativeScores(
          tf.concat2d(
            own.map(({ hidden }) => hidden),
            0,
          ),
          headOf(name),
        ),
      );
      tf.dispose(own.map(({ hidden }) => hidden));
      const drawn = drawTokens(
        scores,
        own.map(({ sequence }) => sequence),
      );
      scores.dispose();
      for (const [i, { sequence }] of own.entries()) append(sequence, drawn[i]!.id, drawn[i]!.scored);
    }
  }

  /** What the sequence may go on with, as far as there is a token to be drawn after it. */
  function proposedFor({ ids, answer, request }: Sequence): number[] {
    const most = request.maxNewTokens - answer.length - 1;
    return answer.length > 0 && most > 0 ? propose(ids, most) : [];
  }

  /** Reads the token that was drawn last and what may follow it; draws a token after each, and keeps them up to the first that was not proposed. */
  function readAhead(sequence: Sequence, proposed: number[]): void {
    const { ids, answer, uniforms, slot, request } = sequence;
    const some = [...ids.slice(-1), ...proposed];
    const numbers = uniforms.peek(some.length);
    const drawers = numbers.map((number, i): Drawer => {
      return { ...sequence, random: () => number, answer: [...answer, ...proposed.slice(0, i)] };
    });
    const scores = tf.tidy(() => {
      const hidden = forward([sequence], [some], true); // [1 + proposed, d]
      return nativeScores(hidden, headOf(request.policy));
    });
    const drawn = drawTokens(scores, drawers);
    scores.dispose();
    const accepted = proposed.findIndex((id, i) => drawn[i]!.id !== id);
    const read = some.slice(0, accepted < 0 ? some.length : 1 + accepted);
    slot.ids.push(...read);
    sequence.read += read.length;
    pages.cut(slot.row, sequence.read);
    counts.proposedTokens += proposed.length;
    counts.acceptedTokens += read.length - 1;
    for (const { id, scored } of drawn.slice(0, read.length)) {
      uniforms.next();
      append(sequence, id, scored);
      if (!running.includes(sequence)) return;
    }
  }

  /** Reads what comes next of new prompts, within the step's budget; gives the states after those that are whole then. */
  function readPrompts(): Predicting[] {
    let budget = promptTokensAStep;
    const whole: Predicting[] = [];
    for (const sequence of running) {
      const { ids, read, request } = sequence;
      if (sequence.answer.length > 0 || budget === 0) continue;
      const some = ids.slice(read, read + budget);
      budget -= some.length;
      const hidden = request.scorePrompt ? scored(sequence, some) : forward([sequence], [some]);
      sequence.slot.ids.push(...some);
      sequence.read += some.length;
      if (sequence.read < ids.length) hidden.dispose();
      else {
        request.scoredPrompt?.(sequence.scoredPrompt);
        if (request.maxNewTokens > 0) whole.push({ sequence, hidden });
        else {
          hidden.dispose();
          end(sequence);
        }
      }
    }
    return whole;
  }

  /** Hidden states of the last of `some` tokens of a prompt; on the way all of them tell how likely the next one was. → [1, d] */
  function scored(sequence: Sequence, some: number[]): tf.Tensor2D {
    const head = headOf(sequence.request.policy);
    const all = forward([sequence], [some], true);
    const next = sequence.ids.slice(sequence.read + 1, sequence.read + 1 + some.length);
    const told = tf.tidy(() =>
      next.length === 0
        ? []
        : scoredTokens(nativeScores(all.slice([0, 0], [next.length, -1]), head), next, sequence.request.top ?? 0),
    );
    sequence.scoredPrompt.push(...told);
    const last = all.slice<tf.Tensor2D>([some.length - 1, 0], [1, -1]);
    all.dispose();
    return last;
  }

  /** Reads the token that was drawn last of every sequence whose answer has begun. */
  function readAnswers(): Predicting[] {
    const begun = running.filter(({ read, ids, answer }) => answer.length > 0 && read === ids.length - 1);
    const states: Predicting[] = [];
    for (const own of groupBy(begun, ({ request }) => request.policy).values()) {
      const hidden = forward(
        own,
        own.map(({ ids }) => ids.slice(-1)),
      );
      const each = tf.split(hidden, own.length) as tf.Tensor2D[];
      states.push(...own.map((sequence, i) => ({ sequence, hidden: each[i]! })));
      hidden.dispose();
      for (const sequence of own) {
        sequence.slot.ids.push(sequence.ids.at(-1)!);
        sequence.read++;
      }
    }
    return states;
  }

  /** Hidden states of each sequence's last new token, or of all of them. → [B, d] or [B·T, d] */
  function forward(sequences: Sequence[], tokens: number[][], all = false): tf.Tensor2D {
    const { native } = policyOf(sequences[0]!.request.policy);
    const own = sequences.map(({ slot }) => slot.row);
    pages.extend(own, tokens[0]!.length);
    return tf.tidy(() =>
      native![all ? "allHidden" : "lastHidden"](cache, {
        ids: tf.tensor2d(tokens, undefined, "int32"),
        pages: own.map((row) => row.pages),
        places: sequences.map(({ read }) => read),
      }),
    );
  }

  function append(sequence: Sequence, id: number, told: TokenLogProb | null): void {
    sequence.ids.push(id);
    sequence.answer.push(id);
    counts.answerTokens++;
    if (sequence.request.token(id, told) || sequence.answer.length === sequence.request.maxNewTokens) end(sequence);
  }

  function end(sequence: Sequence, error?: unknown): void {
    running = running.filter((one) => one !== sequence);
    const { slot } = sequence;
    Object.assign(slot, { busy: false, freed: ++clock });
    if (error !== undefined) {
      pages.cut(slot.row, 0);
      Object.assign(slot, { policy: null, ids: [] });
    }
    sequence.request.ended(sequence.cached, error);
  }
}
