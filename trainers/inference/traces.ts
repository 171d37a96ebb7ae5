// A few completions of an update, token by token, for people to see what the method made of them.
import type { Text } from "../../spec/chat";
import type { TracedRollout } from "../../spec/rollouts";
import type { Tokens } from "../data/tokenize";
import type { Adapter } from "../engine/adapter";
import { compile, free } from "../engine/jit/compile";
import type { Model } from "../models/model";
import type { ChatTokenizer } from "../models/tokenizer";
import { type TokenBatch, tokenBatch } from "./batches";
import { tokenScores } from "./policy";

/** A completion that was learned from, with a number for each token after the query, or one advantage for all of them; returns where a critic learns them. */
export type Learnt = {
  prompt: Text | null;
  query: number[];
  response: number[];
  /** Query and response, and what may stand for the end; of the response the model's own tokens are scored. */
  inputTokens: Tokens;
  ended: boolean;
  score: number;
  abstained?: boolean;
  logProbs: number[];
  reference: number[];
  values: number[];
  kl: number[];
} & ({ advantage: number } | { advantages: number[]; rewards: number[]; returns?: number[] });

/** Of an update, the first: completions of one prompt stand side by side. */
const shown = 4;
/** As many digits as anybody reads. */
const rounded = (value: number): number => Number(value.toPrecision(4));

/** Shows rows of an update that has been learned from, with the policy as it is now. */
export function createTraces(
  { model, policy }: { model: Model; policy: Adapter | null },
  { pad, show }: ChatTokenizer,
  temperature: number,
  clip: TracedRollout["clip"],
): (rows: Learnt[]) => TracedRollout[] {
  const logProbsNow = compile((batch: TokenBatch) => tokenScores(model, policy, batch, temperature).logProbs);

  return (rows) => {
    const first = rows.slice(0, shown);
    const batch = tokenBatch(
      first.map((row) => [completionOf(row)]),
      pad,
    );
    const scores = logProbsNow(batch); // [B, C]
    const now = scores.arraySync();
    free([batch, scores]);
    return first.map((row, i) => traced(row, now[i]!, show, clip));
  };
}

/** Query and response alone. */
function completionOf({ inputTokens, query, response }: Learnt): Tokens {
  const { input_ids, completion_mask } = inputTokens;
  const length = query.length + response.length;
  return { input_ids: input_ids.slice(0, length), completion_mask: completion_mask.slice(0, length) };
}

/** Ratios within ε of 1. */
export const clipAround = (epsilon: number): TracedRollout["clip"] => ({ low: 1 - epsilon, high: 1 + epsilon });

function traced(row: Learnt, now: number[], show: (id: number) => string, clip: TracedRollout["clip"]): TracedRollout {
  const ids = row.inputTokens.input_ids.slice(row.query.length);
  const own = row.inputTokens.completion_mask.slice(row.query.length);
  const isOwn = (t: number) => own[t] === 1;
  const given = row.response.map((_, t) => !isOwn(t));
  const column = (of: (t: number) => number) => ids.map((_, t) => rounded(of(t)));
  const perToken = "advantages" in row ? row : null;
  const returns = perToken?.returns;
  const last = row.response.length - 1;
  return {
    prompt: row.prompt ?? row.query.map(show).join(""),
    ...{ score: row.abstained ? null : rounded(row.score), ended: row.ended, tokens: ids.map(show), clip },
    ...(given.includes(true) && { given }),
    columns: {
      advantage: column((t) => (!isOwn(t) ? 0 : "advantage" in row ? row.advantage : row.advantages[t]!)),
      reward: column((t) => (perToken ? perToken.rewards[t]! : t === last ? row.score : 0)),
      value: returns ? column((t) => row.values[t]!) : null,
      return: returns ? column((t) => returns[t]!) : null,
      kl: column((t) => row.kl[t]!),
      logProb: column((t) => (isOwn(t) ? row.logProbs[t]! : 0)),
      reference: column((t) => (isOwn(t) ? row.reference[t]! : 0)),
      ratio: column((t) => (isOwn(t) ? Math.exp(now[t]! - row.logProbs[t]!) : 1)),
    },
  };
}
