// Rows by which a model is packed, and rows of other prompts that tell what that did to it.
import { Refusal } from "../../common/command-line";
import { isHeldOut } from "../data/dataset";
import { type FileSequence, fileSequences } from "../data/file-sequences";
import type { Tokens } from "../data/tokenize";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { madeFor } from "../models/position-limit";

export interface PackingRows {
  /** Ids of each. */
  calibrated: number[][];
  /** Each with a token that is scored. */
  measured: Tokens[];
}

const most = { calibrated: 128, measured: 32 };
const fewest: typeof most = { calibrated: 16, measured: 4 };
/** Longer rows are cut; GPTQ's authors take as many tokens. */
const mostTokens = 2048;
/** Of the prompts, told apart as a run's held-out rows are. */
const measuredShare = 0.2;

/** The file's first rows. What cannot be read, or the model has no positions for, is said and left out. Throws where too few are left. */
export async function packingRows(
  path: string,
  files: Pick<LoadedFiles, "config" | "tokenizer" | "companions">,
  says: (line: string) => void,
): Promise<PackingRows> {
  const context = madeFor(files);
  const rows: PackingRows = { calibrated: [], measured: [] };
  for await (const sequence of fileSequences(path, files.tokenizer, says)) {
    if (isUsable(sequence, context, says)) add(rows, sequence);
    if (rows.calibrated.length === most.calibrated && rows.measured.length === most.measured) break;
  }
  refuseFew(path, rows);
  return rows;
}

function add({ calibrated, measured }: PackingRows, { prompt, tokens }: FileSequence): void {
  const input_ids = tokens.input_ids.slice(0, mostTokens);
  if (!isHeldOut(prompt, measuredShare)) {
    if (calibrated.length < most.calibrated) calibrated.push(input_ids);
    return;
  }
  const mask = tokens.completion_mask.slice(0, mostTokens).with(0, 0); // nothing predicts the first token
  const completion_mask = mask.includes(1) ? mask : input_ids.map((_, t) => Math.min(t, 1)); // a prompt alone has no answer to score
  if (measured.length < most.measured) measured.push({ input_ids, completion_mask });
}

/** As AutoAWQ cuts what it calibrates on. */
const blockTokens = 512;

/**
 * The rows end to end, in blocks of the same length, up to `longest` tokens; what is left over is dropped. GPTQModel's AWQ looks at a single row of those
 * whose lengths differ, the shortest.
 */
export function blocksOf(rows: number[][], longest: number): number[][] {
  const ids = rows.flat();
  const length = Math.min(blockTokens, longest, ids.length);
  return Array.from({ length: Math.floor(ids.length / length) }, (_, i) => ids.slice(i * length, (i + 1) * length));
}

function isUsable({ place, tokens: { input_ids } }: FileSequence, context: number, says: (line: string) => void) {
  const problem =
    input_ids.length > context
      ? `has ${input_ids.length} tokens, and the model was made for ${context}`
      : input_ids.length < 2
        ? "has a single token"
        : null;
  if (problem) says(`${place}: ${problem}; the row is left out`);
  return !problem;
}

function refuseFew(path: string, { calibrated, measured }: PackingRows): void {
  if (calibrated.length < fewest.calibrated || measured.length < fewest.measured)
    throw new Refusal(
      `${path} has ${calibrated.length} rows to calibrate on and ${measured.length} of other prompts to measure on; at least ${fewest.calibrated} and ${fewest.measured} are needed: add rows`,
    );
}
