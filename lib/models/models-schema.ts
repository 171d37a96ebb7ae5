import { z } from "zod";
import { name } from "../../spec/names";

/** A model, as the list of models has it. */
export const knownModel = z.object({
  /** A base, an adapter on one, a reward model, or a model whose every weight was trained. */
  kind: z.enum(["base", "adapter", "reward", "weights"]),
  /** The source of a base, which is a name or a path; the id of the run that trained another. */
  id: z.string(),
  name: z.string(),
  about: z.string(),
  /** Whether it is a base that scores answers: a reward model that was added. */
  scores: z.boolean(),
  /** On disk; null where it is no longer there. */
  bytes: z.number().nullable(),
  /** What it was trained from and on; null for a base. */
  base: z.string().nullable(),
  data: z.object({ name: z.string(), dataset: z.number().nullable() }).nullable(),
  /** Runs that start from it, or are rewarded by it. */
  usedBy: z.number(),
  at: z.number().nullable(),
});
export type KnownModel = z.infer<typeof knownModel>;

/** A base model that somebody adds: hub:owner/name[@revision], a folder or a .gguf file. */
export const newModel = z.strictObject({
  source: z.string().trim().min(1, "Name a model of the Hub, a folder or a .gguf file.").max(4096),
  name: name("Name the model.").nullable().optional(),
});

/** What people change of a base model; one that a run trained has the run's name. */
export const modelChange = z.strictObject({
  source: z.string().min(1),
  name: name("Name the model.").nullable().optional(),
  removed: z.boolean().optional(),
});
export type ModelChange = z.infer<typeof modelChange>;
