// The models that a server answers for: one base, and adapters or tuned models of the same tokens.
import type { GenerateConfig } from "../../spec/config";
import { readAdapter } from "../adapters/files";
import { tf } from "../engine/tensorflow";
import { type FrozenPolicy, loadBase, readPolicy } from "../inference/frozen-policy";
import type { ModelConfig } from "../models/config";
import { longestSequence } from "../models/position-limit";
import type { ChatTokenizer } from "../models/tokenizer";
import { nativeModel } from "../models/transformer";
import { batchedEngine, unserved } from "./batched";
import { continuousEngine } from "./continuous";
import { proposals, type Speculation } from "./proposals";
import type { Engine, SequenceRequest, ServedPolicy } from "./sequence";

export interface ServeConfig {
  model: GenerateConfig["model"];
  /** Folders of adapters or whole models, by the names that requests give. The base itself goes by its own name. */
  policies: Map<string, string>;
  /** Sequences of full length that there is room for: where they are shorter and the ops of native/ are there, four times as many are written at once. */
  rows: number;
  /** Tokens of a prompt and its answer; null: what the base was made for, at most 2,048. */
  context: number | null;
  speculation?: Speculation;
}

export interface Served {
  /** Of the base, and of what was there from the start. */
  names: string[];
  /** Has the adapter in `folder` answer by that path. Of those that came so, few are kept: the ones that were asked last. */
  load(folder: string): Promise<void>;
  tokenizer: ChatTokenizer;
  /** Tokens of the sequences that the base was made for: it reads longer ones worse. */
  madeFor: number;
  /** How many tokens there are. */
  vocabulary: number;
  engine: Engine;
  /** The field of a request that its model cannot answer; null: it can. */
  unserved(request: Pick<SequenceRequest, "policy" | "drawing" | "top" | "scorePrompt">): string | null;
}

const mostLoaded = 4;
/** A cache for longer ones takes memory that few requests need. */
const mostByDefault = 2048;

export async function loadServed(config: ServeConfig): Promise<Served> {
  const { model: source, policies: folders, rows, speculation = {} } = config;
  const { model, tokenizer, context: madeFor } = await loadBase(source, [...folders.values()]);
  const policies = new Map<string, ServedPolicy>();
  const add = (name: string, { model, adapter }: FrozenPolicy) =>
    policies.set(name, { model, adapter, native: nativeModel(model, adapter) });
  add(source.source, { model, adapter: null });
  for (const [name, folder] of folders) add(name, await readPolicy(folder, model));
  const names = [...policies.keys()];

  const most = [...policies.values()].map(({ model, adapter }) => longestSequence(model.config, adapter));
  const longest = Math.min(config.context ?? Math.min(madeFor, mostByDefault), ...most);
  const { native } = policies.get(source.source)!;
  const batched = batchedEngine((name) => policies.get(name)!, rows, longest, tokenizer.pad);
  const propose = await proposals(speculation, policies.get(source.source)!, { tokenizer, context: longest });
  const continuous = native && continuousEngine((name) => policies.get(name)!, rows, longest, native, propose);
  const isContinuous = (name: string): boolean => {
    const policy = policies.get(name)!;
    return continuous !== null && policy.native !== null && isOneShape(policy.model.config, model.config);
  };
  const engines = continuous ? [continuous, batched] : [batched];
  const engine: Engine = {
    context: longest,
    submit: (request) => (isContinuous(request.policy) ? continuous! : batched).submit(request),
    counts: () => engines.map((one) => one.counts()).reduce(sum),
    uses: (policy) => engines.some((one) => one.uses(policy)),
  };

  return {
    ...{ names, tokenizer, madeFor, vocabulary: model.config.vocabSize, engine },
    async load(folder) {
      const known = policies.get(folder);
      if (known) policies.delete(folder); // and to the end: it was asked last
      if (known) policies.set(folder, known);
      else add(folder, { model, adapter: readAdapter(folder, model.config) });
      const idle = [...policies.keys()].filter(
        (name) => !names.includes(name) && name !== folder && !engine.uses(name),
      );
      for (const name of idle.slice(0, Math.max(0, policies.size - names.length - mostLoaded))) {
        free(policies.get(name)!);
        policies.delete(name);
      }
    },
    unserved: (request) => (isContinuous(request.policy) ? null : unserved(request)),
  };
}

/** Whether their keys and values fit one cache. */
const isOneShape = (a: ModelConfig, b: ModelConfig): boolean =>
  a.layers === b.layers && a.kvHeads === b.kvHeads && a.headDim === b.headDim;

function free({ adapter, native }: ServedPolicy): void {
  native?.free();
  tf.dispose([...(adapter?.weights.values() ?? [])]);
}

function sum(a: ReturnType<Engine["counts"]>, b: ReturnType<Engine["counts"]>): ReturnType<Engine["counts"]> {
  return {
    running: a.running + b.running,
    waiting: a.waiting + b.waiting,
    promptTokens: a.promptTokens + b.promptTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    answerTokens: a.answerTokens + b.answerTokens,
    proposedTokens: a.proposedTokens + b.proposedTokens,
    acceptedTokens: a.acceptedTokens + b.acceptedTokens,
    preemptions: a.preemptions + b.preemptions,
    cachePages: a.cachePages + b.cachePages,
    cachePagesHeld: a.cachePagesHeld + b.cachePagesHeld,
    cacheTokens: a.cacheTokens + b.cacheTokens,
  };
}
