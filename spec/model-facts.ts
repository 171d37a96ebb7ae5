// What the page of a model tells of its files. For the trainers' side, which reads them, and for the browser, which shows them.
import { z } from "zod";
import { modelLook } from "./reports";

export const modelFacts = z.object({
  look: modelLook,
  /** As its model card or its file names it: apache-2.0, llama3.1, … Null where neither does. */
  licence: z.string().nullable(),
  vocabulary: z.number(),
  /** Of the parameters, what the embedding is, with the head where that is another matrix. */
  embeddingShare: z.number(),
  /** Types of the numbers on disk: BF16, Q4_K, … */
  storedAs: z.array(z.string()),
  template: z.object({
    /** As Jinja; null where there is none. */
    source: z.string().nullable(),
    /** A short conversation in it; what is wrong where it cannot be rendered. */
    example: z.string().nullable(),
    problem: z.string().nullable(),
  }),
  /** The tokens that end an answer. */
  ends: z.array(z.string()),
  /** What of its files is not applied, or probably not meant. */
  notes: z.array(z.string()),
  /** The same twenty clauses in each language: tokens that a character takes, and tokens of all for each token of the English ones. */
  languages: z.array(z.object({ code: z.string(), tokensPerCharacter: z.number(), againstEnglish: z.number() })),
  /** Bytes of its weights in each precision. */
  sizes: z.array(z.object({ precision: z.string(), bytes: z.number() })),
  /** Bytes of keys and values for each token of a sequence that is sampled, in float32. */
  cacheBytesPerToken: z.number(),
  /** What its requirements on other engines are computed from (requirements/). */
  shape: z.object({
    parameters: z.number(),
    /** Of them those that a token meets. */
    active: z.number(),
    linear: z.number(),
    largest: z.number(),
    /** Rows and columns of the matrices in linear layers, added up: parameters of LoRA of rank 1. */
    sides: z.number(),
    /** Those of a mixture's experts, each counted: 0 of other models. */
    expertSides: z.number(),
    layers: z.number(),
    hiddenSize: z.number(),
    heads: z.number(),
    kvHeads: z.number(),
    headDim: z.number(),
    vocabulary: z.number(),
  }),
});
export type ModelFacts = z.infer<typeof modelFacts>;
