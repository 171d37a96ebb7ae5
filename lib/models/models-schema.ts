import { z } from "zod";
import { name } from "../../spec/names";
import { chosenSet } from "../runs/chosen-sets";

/** How far a model's training has come: text alone, instructions, preferences or rewards; or it scores answers. */
const stage = z.enum(["base", "instruct", "chat", "reward"]);
export type Stage = z.infer<typeof stage>;

/** A model, as the list of models has it. */
export const knownModel = z
  .object({
    /** A base, an adapter on one, a reward model, or a model whose every weight was trained. */
    kind: z.enum(["base", "adapter", "reward", "weights"]),
    /** The source of a base, which is a name or a path; the id of the run that trained another. */
    id: z.string(),
    name: z.string(),
    about: z.string(),
    /** Null where its files were never looked at. */
    stage: stage.nullable(),
    /** The id of the model that it was trained from, and how many models above it that makes. */
    parent: z.string().nullable(),
    depth: z.number(),
    /** Whether it is a base that scores answers: a reward model that was added. */
    scores: z.boolean(),
    /** On disk; null where it is no longer there. */
    bytes: z.number().nullable(),
    /** The name of what it was trained from, and what on; null for a base that came from elsewhere. */
    base: z.string().nullable(),
    data: z.object({ name: z.string(), dataset: z.number().nullable() }).nullable(),
    /** Runs that start from it, or are rewarded by it. */
    usedBy: z.number(),
    at: z.number().nullable(),
  })
  .meta({ id: "Model" });
export type KnownModel = z.infer<typeof knownModel>;

const source = z.string().trim().min(1, "Name a model of the Hub, a folder or a .gguf file.").max(4096);
const template = z.string().trim().min(1, "Write the chat template.").max(200_000);

/** A base model that somebody adds: hub:owner/name[@revision], a folder or a .gguf file; with a template, a copy of a known one that has it. */
export const newModel = z.union([
  z.strictObject({ source, name: name("Name the model."), template }),
  z.strictObject({ source, name: name("Name the model.").nullable().optional() }),
]);

/** The job that adds it. */
export const adding = z.object({ job: z.string() });

/** Rows of a dataset to be seen in a chat template, the model's own where none is given. */
export const rowsInput = z.strictObject({ source, template: template.nullable(), data: chosenSet });

/** What people change of a base model; one that a run trained has the run's name. */
export const modelChange = z.strictObject({
  source: z.string().min(1),
  name: name("Name the model.").nullable().optional(),
  removed: z.boolean().optional(),
});
export type ModelChange = z.infer<typeof modelChange>;
