/** A model, as the list of models has it. */
export interface KnownModel {
  /** A base, an adapter on one, a reward model, or a model whose every weight was trained. */
  kind: "base" | "adapter" | "reward" | "weights";
  /** The name or path of a base, the id of the run that trained another. */
  id: string;
  name: string;
  about: string;
  /** On disk; null where it is no longer there. */
  bytes: number | null;
  /** What it was trained from and on; null for a base. */
  base: string | null;
  data: { name: string; dataset: number | null } | null;
  /** Runs that start from it, or are rewarded by it. */
  usedBy: number;
  at: number | null;
}
