// KTO reads its reference point off answers beside prompts that they were not given to; each row gets such a partner here.
import type { KtoConfig } from "../../spec/methods/kto";
import { answerIds, promptIds, type Tokens, type UnpairedTokens } from "./tokenize";

/** A row that may still lack its partner. */
export type Answer = Omit<UnpairedTokens, "partner"> & { partner?: Tokens };

/**
 * Completes rows that have no partner yet. `previous-row` rotates each batch of the file by one, as TRL does, whatever the prompts;
 * `mismatched-prompt` takes the next row with another prompt, of `others` where these have none, and throws where nobody has.
 */
export function withPartners(rows: Answer[], others: Answer[], config: KtoConfig): UnpairedTokens[] {
  const { kto, batchSize, data } = config;
  const prompts = new Map([...rows, ...others].map((row) => [row, promptIds(row.answer).join()]));
  const mismatched = (i: number): Answer => {
    const other = (row: Answer) => prompts.get(row) !== prompts.get(rows[i]!);
    for (let step = 1; step < rows.length; step++) {
      const row = rows[(i + step) % rows.length]!;
      if (other(row)) return row;
    }
    const found = others.find(other);
    if (found) return found;
    if (kto.lossType !== "kto") return rows[i]!; // which reads nothing off it
    throw new Error(
      `KTO needs answers to at least two prompts, its reference point being read where they are exchanged; all ${prompts.size} rows have the same`,
    );
  };
  const previous = (i: number): Answer => {
    const start = i - (i % batchSize);
    const size = Math.min(batchSize, rows.length - start);
    return rows[start + ((i - start + size - 1) % size)]!;
  };
  const partnerOf = kto.klPartner === "previous-row" ? previous : mismatched;
  return rows.map((row, i) => ({
    ...row,
    partner: row.partner ?? exchanged(row.answer, partnerOf(i).answer, data.maxLength),
  }));
}

/** The prompt of one row before the completion of another, cut on the right. */
function exchanged(asked: Tokens, answered: Tokens, maxLength: number): Tokens {
  const prompt = promptIds(asked);
  const completion = answerIds(answered);
  return {
    input_ids: [...prompt, ...completion].slice(0, maxLength),
    completion_mask: [...prompt.map(() => 0), ...completion.map(() => 1)].slice(0, maxLength),
  };
}
