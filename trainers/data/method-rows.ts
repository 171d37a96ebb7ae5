// What each kind of method reads: rows of a file as ids and masks, or ids that were given.

import type { ReadRow } from "../../common/rows/formats";
import {
  asPairs,
  asRanking,
  asStepwise,
  asSupervised,
  asUnpaired,
  promptOf as promptOfRow,
} from "../../common/rows/rows";
import { readNumber } from "../../common/rows/values";
import type { RunConfig } from "../../spec/config";
import type { KtoConfig } from "../../spec/methods/kto";
import type { PrmConfig } from "../../spec/methods/prm";
import type { ChatTokenizer } from "../models/tokenizer";
import { type Dataset, type Example, givenRows, type Make, readDataset } from "./dataset";
import { type Answer, withPartners } from "./partners";
import { type StepTokens, tokenizeSteps } from "./steps";
import { judgedRow, labelledRow, pairRow, rankedTokens, readTokenFile, singleRow, wholePairRow } from "./token-file";
import {
  type ListTokens,
  type PairTokens,
  pairGroup,
  type Tokens,
  tokenizeList,
  tokenizePair,
  tokenizeSupervised,
  type UnpairedTokens,
} from "./tokenize";

export async function supervisedRows(
  config: RunConfig & { method: "sft" | "distill" },
  tokenizer: ChatTokenizer,
): Promise<Dataset<Tokens>> {
  const { tokens, maxLength } = config.data;
  if (tokens) return givenRows(readTokenFile(tokens, singleRow), (row) => row);
  const completionOnlyLoss = config.method === "distill" || config.sft.completionOnlyLoss;
  return readDataset(config, tokenizer, (read, rendering) => {
    const row = asSupervised(read);
    const rows = present(tokenizeSupervised(tokenizer, row, maxLength, completionOnlyLoss, rendering));
    return { prompt: row.prompt, rows };
  });
}

export async function pairRows(
  config: RunConfig,
  tokenizer: ChatTokenizer,
  enclosed = false,
): Promise<Dataset<PairTokens>> {
  const { tokens, maxLength } = config.data;
  if (tokens) return givenRows(readTokenFile(tokens, pairRow), ({ chosen }) => chosen);
  const column = config.method === "dpo" ? config.dpo.confidenceColumn : null;
  return readDataset(
    config,
    tokenizer,
    (row, rendering) => {
      const { prompt, pairs } = asPairs(row);
      const sure = confidenceOf(row, column);
      const rows = pairs
        .flatMap((pair) => present(tokenizePair(tokenizer, pair, maxLength, enclosed, rendering)))
        .map((made) => ({ ...made, ...sure }));
      return { prompt, rows };
    },
    { columns: named("dpo.confidenceColumn", column) },
  );
}

export const named = (field: string | null, column: string | null) => (column === null ? [] : [{ field, column }]);

/** Rows without the column are certain. */
function confidenceOf({ columns }: ReadRow, column: string | null): Pick<PairTokens, "confidence"> {
  if (column === null || !Object.hasOwn(columns, column)) return {};
  const confidence = readNumber(columns[column], column);
  if (confidence < 0 || confidence > 1) throw new Error(`${column} is ${confidence}, and should be a probability`);
  return { confidence };
}

export async function rankedRows(config: RunConfig, tokenizer: ChatTokenizer): Promise<Dataset<ListTokens>> {
  const { tokens, maxLength } = config.data;
  if (tokens) return givenRows(readTokenFile(tokens, rankedTokens), ({ answers }) => answers[0]!);
  return readDataset(config, tokenizer, (read, rendering) => {
    const row = asRanking(read);
    return { prompt: row.prompt, rows: present(tokenizeList(tokenizer, row, maxLength, rendering)) };
  });
}

export async function stepwiseRows(config: PrmConfig, tokenizer: ChatTokenizer): Promise<Dataset<StepTokens>> {
  const { tokens, maxLength } = config.data;
  if (tokens) return givenRows(readTokenFile(tokens, judgedRow), (row) => row);
  return readDataset(config, tokenizer, (read, rendering) => {
    const row = asStepwise(read);
    const rows = present(tokenizeSteps(tokenizer, row, config.prm, maxLength, rendering));
    return { prompt: row.prompt, rows };
  });
}

/** Rows with an answer of their own. */
export const answeredRows = (config: RunConfig, tokenizer: ChatTokenizer): Promise<Dataset<Tokens>> =>
  readDataset(config, tokenizer, (read, rendering) => {
    const row = asSupervised(read);
    const rows = present(tokenizeSupervised(tokenizer, row, config.data.maxLength, true, rendering));
    return { prompt: row.prompt, rows };
  });

/** A reward model reads whole rows: longer ones are left out rather than cut, as their end is what is scored. */
export async function rewardRows(
  config: RunConfig & { method: "reward" },
  tokenizer: ChatTokenizer,
): Promise<Dataset<PairTokens>> {
  const { tokens, maxLength } = config.data;
  if (tokens) return givenRows(readTokenFile(tokens, wholePairRow), ({ chosen }) => chosen);
  const { marginColumn, confidenceColumn, criterion } = config.reward;
  const make: Make<PairTokens> = (given, rendering) => {
    const row = criterion === null ? given : byCriterion(given, criterion);
    if (row === null) return { prompt: promptOfRow(given), rows: [], undecided: true };
    const { prompt, pairs } = asPairs(row);
    const hasMargin = Object.hasOwn(row.columns, marginColumn);
    const margin = hasMargin ? { margin: readNumber(row.columns[marginColumn], marginColumn) } : {};
    const sure = confidenceOf(row, confidenceColumn);
    const rows = pairs
      .flatMap((pair) => present(tokenizePair(tokenizer, pair, Number.POSITIVE_INFINITY, false, rendering)))
      .filter((made) => pairGroup(made).every(({ input_ids }) => input_ids.length <= maxLength))
      .map((made) => ({ ...made, ...margin, ...sure }));
    return { prompt, rows };
  };
  const columns = [
    { field: marginColumn === usualMargin ? null : "reward.marginColumn", column: marginColumn },
    ...named("reward.confidenceColumn", confidenceColumn),
    ...named("reward.criterion", criterion && `chosen_${criterion}`),
    ...named("reward.criterion", criterion && `rejected_${criterion}`),
  ];
  return readDataset(config, tokenizer, make, { columns, decider: criterion });
}

/** The pair with the answer chosen that is rated higher; null where they are rated alike, or not both. */
function byCriterion(row: ReadRow, criterion: string): ReadRow | null {
  const { columns } = row;
  const rating = (column: string) => (Object.hasOwn(columns, column) ? readNumber(columns[column], column) : null);
  const [chosen, rejected] = [rating(`chosen_${criterion}`), rating(`rejected_${criterion}`)];
  if (row.kind !== "preference" || chosen === null || rejected === null || chosen === rejected) return null;
  return chosen > rejected ? row : { ...row, chosen: row.rejected, rejected: row.chosen };
}

/** Where rows have their margin unless the config says otherwise. */
const usualMargin = "margin";

const present = <Row>(row: Row | null): Row[] => (row === null ? [] : [row]);

export async function unpairedRows(
  config: RunConfig & { method: "kto" },
  tokenizer: ChatTokenizer,
): Promise<Dataset<UnpairedTokens>> {
  const { tokens, maxLength } = config.data;
  const dataset = tokens
    ? givenRows(readTokenFile(tokens, labelledRow).map(fromLabelled), ({ answer }) => answer)
    : await readDataset<Answer>(config, tokenizer, (row, rendering) => {
        const { prompt, answers } = asUnpaired(row);
        const rows = answers.flatMap(({ completion, label }) =>
          present(tokenizeSupervised(tokenizer, { prompt, completion }, maxLength, true, rendering)).map((answer) => ({
            answer,
            label,
          })),
        );
        return { prompt, rows };
      });
  const complete = (examples: typeof dataset.train, others: typeof dataset.train) => {
    const rows = withPartners(
      examples.map(({ tokens }) => tokens),
      others.map(({ tokens }) => tokens),
      config,
    );
    return examples.map((example, i) => ({ ...example, tokens: rows[i]! }));
  };
  const { train, heldOut, notes } = dataset;
  const hint = balanceHint(weighed(train.filter(({ tokens }) => tokens.label)), weighed(train), config.kto);
  return {
    train: complete(train, []),
    heldOut: complete(heldOut, train),
    notes: hint ? [...notes, hint] : notes,
  };
}

/** As many as an epoch holds of them. */
const weighed = <Row>(examples: Example<Row>[]): number =>
  Math.round(examples.reduce((sum, { set }) => sum + (set?.weight ?? 1), 0));

/** KTO's authors want weight × count of good answers at 1 to 4/3 times that of bad ones (section 4.2). */
export function balanceHint(
  good: number,
  all: number,
  { lossType, desirableWeight, undesirableWeight }: KtoConfig["kto"],
): string | null {
  const ratio = (desirableWeight * good) / (undesirableWeight * (all - good));
  if (good === 0 || good === all)
    return `all ${all} answers are ${good === all ? "good" : "bad"} ones: KTO learns from the difference, so give it both kinds`;
  if (lossType !== "kto" || (ratio >= 1 && ratio <= 4 / 3)) return null;
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
