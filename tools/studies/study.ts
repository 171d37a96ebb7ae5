// `npm run study -- NAME`: experiments whose results are committed and shown in docs/.
import { adapters, adaptersOfSmollm2 } from "./adapters";
import { behaviour } from "./behaviour";
import { frontier } from "./frontier";
import { implicitReward } from "./implicit-reward";
import { overOptimisation } from "./over-optimisation";
import { packing } from "./packing";
import { ppoSettings } from "./ppo";
import { processSupervision } from "./process-supervision";
import { pruning } from "./pruning";
import { sftSteps } from "./sft-steps";
import { stagesOfAModel } from "./stages";
import { studyOfTreePairs } from "./tree-pairs";

const studies: Record<string, (parts: string[]) => Promise<void>> = {
  adapters,
  "adapters-smollm2": adaptersOfSmollm2,
  behaviour,
  frontier,
  "implicit-reward": implicitReward,
  "over-optimisation": overOptimisation,
  ppo: ppoSettings,
  "process-supervision": processSupervision,
  pruning,
  packing,
  "sft-steps": sftSteps,
  stages: stagesOfAModel,
  "tree-pairs": studyOfTreePairs,
};
const study = studies[process.argv[2] ?? ""];
if (!study) throw new Error(`usage: npm run study -- ${Object.keys(studies).join(" | ")}`);
await study(process.argv.slice(3));
