// From a run's config to its rows and its method: the only place that knows every method.
import { z } from "zod";
import type { Check } from "./checks";
import { type KtoConfig, type RunConfig, samples } from "./config";
import { type Dataset, givenRows, readDataset } from "./data/dataset";
import { type Answer, withPartners } from "./data/partners";
import { listRow, type PreferenceRow, pairsRow, supervisedRow, text, unpairedRow } from "./data/rows";
import { labelledRow, pairRow, rankedTokens, readTokenFile, singleRow, wholePairRow } from "./data/token-file";
import {
  type ListTokens,
  listGroup,
  type PairTokens,
  pairGroup,
  promptIds,
  singleGroup,
  type Tokens,
  tokenizeList,
  tokenizePair,
  tokenizePrompt,
  tokenizeSupervised,
  type UnpairedTokens,
  unpairedGroup,
} from "./data/tokenize";
import type { Tree } from "./engine/jit/compile";
import type { tf } from "./engine/tensorflow";
import type { Context, Method } from "./method";
import { cpo } from "./methods/cpo";
import { dpo } from "./methods/dpo";
import { grpo } from "./methods/grpo";
import { iterativeDpo, type RoundRoles } from "./methods/iterative-dpo";
import { kto } from "./methods/kto";
import { listwise } from "./methods/listwise";
import { orpo } from "./methods/orpo";
import { type PpoRoles, ppo } from "./methods/ppo";
import { reward } from "./methods/reward";
import { rloo } from "./methods/rloo";
import { sft } from "./methods/sft";
import { simpo } from "./methods/simpo";
import { readModel } from "./models/load";
import type { ChatTokenizer } from "./models/tokenizer";
import { type Recorded, readReplay } from "./online/replay";
import type { Roles } from "./online/rollout";
import { type PreflightReport, preflight, type SeenRow } from "./preflight";
import type { Reference } from "./reference";

export interface Prepared {
  dataset: Dataset<unknown>;
  /** Every row as the sequences that share its prompt. */
  groups: Tokens[][];
  /** The training rows as a token file lays them out. */
  written: unknown[];
  createMethod(parts: Parts): Method<Tree>;
}

interface Parts {
  context: Context;
  /** Of a method that has one. */
  reference: Reference | undefined;
  /** score.weight of a reward model, [1, d]. */
  head: tf.Tensor2D | undefined;
  /** PPO's. */
  roles: PpoRoles | undefined;
  /** RLOO's and GRPO's. */
  groupRoles: Roles;
  /** Iterative DPO's. */
  rounds: RoundRoles | undefined;
  /** Takes what a method finds to hold while it runs. */
  checked(check: Check): void;
}

/** A dataset with its groups and its method; the batch of a method is its own affair. */
function prepared<Row, Batch extends Tree>(
  dataset: Dataset<Row>,
  group: (row: Row) => Tokens[],
  createMethod: (parts: Parts, dataset: Dataset<Row>) => Method<Batch>,
  write: (row: Row) => unknown = (row) => row,
): Prepared {
  return {
    dataset,
    groups: [...dataset.train, ...dataset.heldOut].map(({ tokens }) => group(tokens)),
    written: dataset.train.map(({ tokens }) => write(tokens)),
    createMethod: (parts) => createMethod(parts, dataset) as unknown as Method<Tree>,
  };
}

/** The rows of a run, and its method over them. */
export async function prepare(config: RunConfig, tokenizer: ChatTokenizer): Promise<Prepared> {
  switch (config.method) {
    case "sft":
      return prepared(await supervisedRows(config, tokenizer), singleGroup, ({ context }, rows) =>
        sft(context, config, rows),
      );
    case "dpo":
      return prepared(await pairRows(config, tokenizer), pairGroup, ({ context, reference }, rows) =>
        dpo(context, reference!, config, rows),
      );
    case "listwise":
      return prepared(await rankedRows(config, tokenizer), listGroup, ({ context, reference }, rows) =>
        listwise(context, reference!, config, rows),
      );
    case "simpo":
      return prepared(await pairRows(config, tokenizer, true), pairGroup, ({ context }, rows) =>
        simpo(context, config, rows),
      );
    case "cpo":
      return prepared(await pairRows(config, tokenizer, true), pairGroup, ({ context }, rows) =>
        cpo(context, config, rows),
      );
    case "orpo":
      return prepared(await pairRows(config, tokenizer, true), pairGroup, ({ context }, rows) =>
        orpo(context, config, rows),
      );
    case "ppo": {
      const replay = config.ppo.replay === null ? null : readReplay(config.ppo.replay, tokenizer.eos);
      return prepared(
        replay ? replayedPrompts(replay) : await promptRows(config, tokenizer),
        (prompt) => [withLongestAnswer(prompt, config.ppo.responseLength + 1)],
        ({ context, roles, checked }, rows) => ppo(context, roles!, config, rows, replay, checked),
      );
    }
    case "rloo":
      return prepared(
        await promptRows(config, tokenizer),
        (prompt) => [withLongestAnswer(prompt, config.rloo.responseLength)],
        ({ context, groupRoles, checked }, rows) => rloo(context, groupRoles, config, rows, checked),
      );
    case "grpo":
      return prepared(
        await promptRows(config, tokenizer),
        (prompt) => [withLongestAnswer(prompt, config.grpo.responseLength)],
        ({ context, groupRoles, checked }, rows) => grpo(context, groupRoles, config, rows, checked),
      );
    case "iterative-dpo":
      return prepared(
        config.iterativeDpo.chosen === "data"
          ? await answeredRows(config, tokenizer)
          : await promptRows(config, tokenizer),
        (row) => {
          const longest = withLongestAnswer(promptOf(row), config.iterativeDpo.responseLength);
          return [row.completion_mask.includes(1) ? row : longest, longest];
        },
        ({ context, rounds }, rows) => iterativeDpo(context, rounds!, config, rows),
      );
    case "kto":
      return prepared(
        await unpairedRows(config, tokenizer),
        unpairedGroup,
        ({ context, reference }, rows) => kto(context, reference!, config, rows),
        ({ answer, label, partner }) => ({
          ...answer,
          label,
          KL_input_ids: partner.input_ids,
          KL_completion_mask: partner.completion_mask,
        }),
      );
    case "reward":
      return prepared(
        await rewardRows(config, tokenizer),
        pairGroup,
        ({ context, head }, rows) => reward(context, head!, config, rows),
        ({ chosen, rejected, margin }) => ({
          chosen: { input_ids: chosen.input_ids },
          rejected: { input_ids: rejected.input_ids },
          ...(margin !== undefined && { margin }),
        }),
      );
  }
}

/** What a run would learn from, without its model's weights. */
export async function preflightRun(config: RunConfig): Promise<PreflightReport> {
  const { tokenizer } = await readModel(config.model.source);
  const { dataset, groups } = await prepare(config, tokenizer);
  const train = groups.slice(0, dataset.train.length);
  const report = preflight(train, groups.slice(dataset.train.length), config.data.maxLength);
  const seen = ({ input_ids, completion_mask }: Tokens): SeenRow =>
    input_ids.map((id, t) => ({ text: tokenizer.show(id), scored: completion_mask[t] === 1 }));
  if (!samples(config))
    return { ...report, notes: dataset.notes, examples: train.slice(0, 3).map((group) => group.map(seen)) };
  // The answers are yet to be sampled: of the rows there are only prompts.
  const asked = train.slice(0, 3).map(([row]) => [seen(row!).filter(({ scored }) => !scored)]);
  return { ...report, duplicates: { exact: 0, near: 0 }, warnings: [], notes: dataset.notes, examples: asked };
}

async function supervisedRows(
  config: RunConfig & { method: "sft" },
  tokenizer: ChatTokenizer,
): Promise<Dataset<Tokens>> {
  const { tokens, maxLength } = config.data;
  if (tokens) return givenRows(readTokenFile(tokens, singleRow), (row) => row);
  const { completionOnly } = config.sft;
  return readDataset(config, supervisedRow, tokenizer, (row) =>
    present(tokenizeSupervised(tokenizer, row, maxLength, completionOnly)),
  );
}

async function pairRows(config: RunConfig, tokenizer: ChatTokenizer, enclosed = false): Promise<Dataset<PairTokens>> {
  const { tokens, maxLength } = config.data;
  if (tokens) return givenRows(readTokenFile(tokens, pairRow), ({ chosen }) => chosen);
  return readDataset(config, pairsRow, tokenizer, ({ pairs }) =>
    pairs.flatMap((pair) => present(tokenizePair(tokenizer, pair, maxLength, enclosed))),
  );
}

async function rankedRows(config: RunConfig, tokenizer: ChatTokenizer): Promise<Dataset<ListTokens>> {
  const { tokens, maxLength } = config.data;
  if (tokens) return givenRows(readTokenFile(tokens, rankedTokens), ({ answers }) => answers[0]!);
  return readDataset(config, listRow, tokenizer, (row) => present(tokenizeList(tokenizer, row, maxLength)));
}

/** A row without its answer. */
const promptOf = (row: Tokens): Tokens => {
  const ids = row.completion_mask.includes(1) ? promptIds(row) : row.input_ids;
  return { input_ids: ids, completion_mask: ids.map(() => 0) };
};

/** Rows with an answer of their own. */
const answeredRows = (config: RunConfig, tokenizer: ChatTokenizer): Promise<Dataset<Tokens>> =>
  readDataset(config, supervisedRow, tokenizer, (row) =>
    present(tokenizeSupervised(tokenizer, row, config.data.maxLength, true)),
  );

/** A prompt as the longest row that sampling may make of it. */
const withLongestAnswer = ({ input_ids }: Tokens, length: number): Tokens => ({
  input_ids: [...input_ids, ...Array<number>(length).fill(0)],
  completion_mask: [...input_ids.map(() => 0), ...Array<number>(length).fill(1)],
});

const promptRow = z.looseObject({ prompt: text });

/** Prompts to answer, whatever else their rows hold. */
async function promptRows(config: RunConfig, tokenizer: ChatTokenizer): Promise<Dataset<Tokens>> {
  const { train, heldOut, notes } = await readDataset(config, promptRow, tokenizer, ({ prompt }) => {
    const ids = tokenizePrompt(tokenizer, prompt);
    return ids.length <= config.data.maxLength ? [{ input_ids: ids, completion_mask: ids.map(() => 0) }] : [];
  });
  const once = (examples: typeof train) => [
    ...new Map(examples.map((example) => [example.promptIds.join(), example])).values(),
  ];
  const repeated = train.length - once(train).length;
  const note = `${repeated} of ${train.length} rows repeat a prompt; each is asked once an epoch`;
  return { train: once(train), heldOut: once(heldOut), notes: repeated > 0 ? [...notes, note] : notes };
}

function replayedPrompts(replay: Recorded[]): Dataset<Tokens> {
  const queries = replay.flatMap(({ answers }) => answers.map(({ query }) => query));
  const train = queries.map((ids) => ({
    tokens: { input_ids: ids, completion_mask: ids.map(() => 0) },
    prompt: null,
    promptIds: ids,
  }));
  return { train, heldOut: [], notes: [] };
}

/** A reward model reads whole rows: longer ones are left out rather than cut, as their end is what is scored. */
async function rewardRows(
  config: RunConfig & { method: "reward" },
  tokenizer: ChatTokenizer,
): Promise<Dataset<PairTokens>> {
  const { tokens, maxLength } = config.data;
  if (tokens) return givenRows(readTokenFile(tokens, wholePairRow), ({ chosen }) => chosen);
  const { marginColumn } = config.reward;
  const whole = (pair: PreferenceRow): PairTokens[] => {
    const margin = pair[marginColumn];
    return present(tokenizePair(tokenizer, pair, Number.POSITIVE_INFINITY))
      .filter((made) => pairGroup(made).every(({ input_ids }) => input_ids.length <= maxLength))
      .map((made) => ({ ...made, ...(typeof margin === "number" && { margin }) }));
  };
  return readDataset(config, pairsRow, tokenizer, ({ pairs }) => pairs.flatMap(whole));
}

const present = <Row>(row: Row | null): Row[] => (row === null ? [] : [row]);

async function unpairedRows(
  config: RunConfig & { method: "kto" },
  tokenizer: ChatTokenizer,
): Promise<Dataset<UnpairedTokens>> {
  const { tokens, maxLength } = config.data;
  const dataset = tokens
    ? givenRows(readTokenFile(tokens, labelledRow).map(fromLabelled), ({ answer }) => answer)
    : await readDataset(config, unpairedRow, tokenizer, ({ prompt, answers }): Answer[] =>
        answers.flatMap(({ completion, label }) =>
          present(tokenizeSupervised(tokenizer, { prompt, completion }, maxLength, true)).map((answer) => ({
            answer,
            label,
          })),
        ),
      );
  const complete = (examples: typeof dataset.train, others: typeof dataset.train) => {
    const rows = withPartners(
      examples.map(({ tokens }) => tokens),
      others.map(({ tokens }) => tokens),
      config,
    );
    return examples.map((example, i) => ({ ...example, tokens: rows[i]! }));
  };
  const { train, heldOut, notes } = dataset;
  const hint = balanceHint(train.filter(({ tokens }) => tokens.label).length, train.length, config.kto);
  return {
    train: complete(train, []),
    heldOut: complete(heldOut, train),
    notes: hint ? [...notes, hint] : notes,
  };
}

/** KTO's authors want weight × count of good answers at 1 to 4/3 times that of bad ones (section 4.2). */
export function balanceHint(
  good: number,
  all: number,
  { loss, desirableWeight, undesirableWeight }: KtoConfig["kto"],
): string | null {
  const ratio = (desirableWeight * good) / (undesirableWeight * (all - good));
  if (loss !== "kto" || good === 0 || good === all || (ratio >= 1 && ratio <= 4 / 3)) return null;
  const [name, weight] =
    good < all - good
      ? ["desirableWeight", (undesirableWeight * (all - good)) / good]
      : ["undesirableWeight", (desirableWeight * good) / (all - good)];
  return `${good} good answers and ${all - good} bad ones weigh ${ratio.toFixed(2)} to 1; KTO wants 1 to 1.33: set ${name} to ${(weight as number).toFixed(2)}`;
}

function fromLabelled({
  input_ids,
  completion_mask,
  label,
  KL_input_ids,
  KL_completion_mask,
}: ReturnType<typeof labelledRow.parse>): Answer {
  const partner = KL_input_ids &&
    KL_completion_mask && { input_ids: KL_input_ids, completion_mask: KL_completion_mask };
  return { answer: { input_ids, completion_mask }, label, ...(partner && { partner }) };
}
