// `tiny` after DPO on the sample's pairs: what compression is studied on.
import { tunedFiles } from "../../trainers/inference/frozen-policy";
import type { LoadedFiles } from "../../trainers/models/formats/loaded-files";
import { allTrainingPairs, heldOutPairs, trainingPairs } from "./review-pairs";
import { rowsFile, trace } from "./trace";

export const steps = 160;

/** `pairs`: the file that it was trained on. */
export async function tunedTiny(seed: number): Promise<{ files: LoadedFiles; pairs: string }> {
  const pairs = rowsFile(trainingPairs(allTrainingPairs, 0, seed));
  const { output } = await trace({
    method: "dpo",
    data: { train: pairs, eval: rowsFile(heldOutPairs()), maxLength: 160 },
    ...{ batchSize: 16, maxSteps: steps, seed, dpo: { beta: 0.1 } },
    optimizer: { learningRate: 5e-4, warmupRatio: 0.1 },
    ...{ evalEvery: null, sampleEvery: null },
  });
  return { files: await tunedFiles("tiny", output), pairs };
}
