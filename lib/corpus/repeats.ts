// Whether a document repeats one that was kept before it, unless it is one that no rule drops. Memory holds hashes alone.
import { earlierSigned } from "../../common/min-hash";
import type { CorpusConfig, Drop, Step } from "./corpus-schema";
import type { Outcome } from "./outcome";

export interface Judged {
  drop: Drop | null;
  /** What would have dropped it, had it not been restored. */
  spared: Drop[];
}

/** To be asked about all documents in their order. */
export function repeatsOf({ duplicates, keep }: CorpusConfig): (outcome: Outcome) => Judged {
  const [spare, exact, firsts] = [new Set(keep), new Map<string, string>(), [] as string[]];
  const like = earlierSigned();
  const repeated = ({ id, hash, signature, words }: Outcome): Drop | null => {
    const same = duplicates.exact ? exact.get(hash!) : undefined;
    if (same !== undefined) return found("exact", same);
    if (duplicates.exact) exact.set(hash!, id);
    if (!duplicates.near || words === 0) return null;
    const bytes = Buffer.from(signature!, "base64");
    const alike = like(new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
    firsts.push(id);
    return alike === null ? null : found("near", firsts[alike]!);
  };
  return (outcome) => {
    const { id, drop, spared } = outcome;
    if (drop) return { drop, spared };
    const repeat = repeated(outcome);
    return repeat && spare.has(id) ? { drop: null, spared: [...spared, repeat] } : { drop: repeat, spared };
  };
}

const found = (step: Step, earlier: string): Drop => ({
  step,
  rule: step === "exact" ? "the same as" : "80 % in common with",
  detail: earlier,
});
