// The models that a server answers for: one base, and adapters or tuned models of the same tokens, by their names.

import type { GenerateConfig } from "../../spec/config";
import { loadBase, readPolicy } from "../inference/frozen-policy";
import { longestSequence } from "../models/position-limit";
import type { ChatTokenizer } from "../models/tokenizer";
import { nativeModel } from "../models/transformer";
import { batchedEngine, unserved } from "./batched";
import { continuousEngine, type ServedPolicy } from "./continuous";
import type { Engine, SequenceRequest } from "./sequence";

export interface ServeConfig {
  model: GenerateConfig["model"];
  /** Folders of adapters or whole models, by the names that requests give. The base itself goes by its own name. */
  policies: Map<string, string>;
  /** Sequences that are written at once. */
  rows: number;
  /** Tokens of a prompt and its answer. */
  context: number;
}

export interface Served {
  names: string[];
  tokenizer: ChatTokenizer;
  /** How many tokens there are. */
  vocabulary: number;
  engine: Engine;
  /** The field of a request that these models cannot answer; null: they can. */
  unserved(request: Pick<SequenceRequest, "drawing" | "top" | "scorePrompt">): string | null;
}

export async function loadServed({ model: source, policies: folders, rows, context }: ServeConfig): Promise<Served> {
  const { model, tokenizer } = await loadBase(source, [...folders.values()]);
  const policies = new Map([[source.source, { model, adapter: null } as Awaited<ReturnType<typeof readPolicy>>]]);
  for (const [name, folder] of folders) policies.set(name, await readPolicy(folder, model));
  const longest = Math.min(context, longestSequence(model.config));
  const shared = { names: [...policies.keys()], tokenizer, vocabulary: model.config.vocabSize };
  const native = new Map<string, ServedPolicy>();
  for (const [name, policy] of policies) {
    const own = nativeModel(policy.model, policy.adapter);
    if (own) native.set(name, { ...policy, native: own });
  }
  if (native.size === policies.size)
    return { ...shared, engine: continuousEngine(native, rows, longest), unserved: () => null };
  for (const { native: own } of native.values()) own.free();
  return { ...shared, engine: batchedEngine(policies, rows, longest, tokenizer.pad), unserved };
}
