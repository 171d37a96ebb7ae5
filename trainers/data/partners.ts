// KTO reads its reference point off answers beside prompts that they were not given to; each row gets such a partner here.
import type { KtoConfig } from "../config";
import type { Tokens, UnpairedTokens } from "./tokenize";

type Answer = Omit<UnpairedTokens, "partner"> & { partner?: Tokens };

/**
 * Completes rows that have no partner yet. `previous-row` rotates each batch of the file by one, as TRL does, whatever the prompts;
 * `mismatched-prompt` takes the next row with another prompt, and throws where all prompts are the same.
 */
export function withPartners(rows: Answer[], { kto, batchSize, data: { maxLength } }: KtoConfig): UnpairedTokens[] {
  const prompts = rows.map(({ answer }) => promptOf(answer).join());
  const other = (i: number): number => {
    if (kto.klPartner === "previous-row") {
      const start = i - (i % batchSize);
      const size = Math.min(batchSize, rows.length - start);
      return start + ((i - start + size - 1) % size);
    }
    for (let step = 1; step < rows.length; step++) {
      const j = (i + step) % rows.length;
      if (prompts[j] !== prompts[i]) return j;
    }
    throw new Error(
      `KTO needs answers to at least two prompts, its reference point being read where they are exchanged; all ${rows.length} rows have the same`,
    );
  };
  return rows.map((row, i) => ({
    ...row,
    partner: row.partner ?? exchanged(row.answer, rows[other(i)]!.answer, maxLength),
  }));
}

const promptOf = ({ input_ids, completion_mask }: Tokens) => input_ids.slice(0, completion_mask.indexOf(1));

/** The prompt of one row before the completion of another, cut on the right. */
function exchanged(asked: Tokens, answered: Tokens, maxLength: number): Tokens {
  const prompt = promptOf(asked);
  const completion = answered.input_ids.slice(answered.completion_mask.indexOf(1));
  return {
    input_ids: [...prompt, ...completion].slice(0, maxLength),
    completion_mask: [...prompt.map(() => 0), ...completion.map(() => 1)].slice(0, maxLength),
  };
}
