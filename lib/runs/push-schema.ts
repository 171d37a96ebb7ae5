// What is asked for where a run's model is pushed to the Hugging Face Hub.
import { z } from "zod";
import { folderTypeNames, ggufTypeNames, shardSize } from "../../spec/export-types";

export const checkpointAt = z.union([z.enum(["last", "best"]), z.coerce.number().int().min(0)]);

/** A run's model as a file. */
export const takenForms = ["adapter", "merged", "gguf"] as const;
export const takenQuery = z.object({
  form: z.enum(takenForms).default("adapter"),
  at: checkpointAt.default("last"),
  /** Of a GGUF file's matrices. */
  type: z.enum(ggufTypeNames).default("F16"),
  /** Of a merged folder's weights. */
  dtype: z.enum(folderTypeNames).default("float32"),
  maxShardSize: shardSize.optional(),
});

export const pushInput = z.strictObject({
  form: z.enum(["adapter", "merged"]),
  /** The run's last step, its best one, or that of a checkpoint. */
  at: checkpointAt.default("last"),
  /** Of a merged model's weights. */
  dtype: z.enum(folderTypeNames).default("bfloat16"),
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "Name it as owner/name."),
  private: z.boolean().default(true),
});
export type PushInput = z.infer<typeof pushInput>;

export const pushed = z.object({ url: z.string(), commit: z.string() });
