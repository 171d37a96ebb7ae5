// A run whose reward a program computes that is started in another folder.
import { resolve } from "node:path";
import { modelPath } from "../../common/model-paths";
import { type Sampled, samplingOf } from "../../spec/methods/sampling-of";
import { rewardModelPath } from "../models/scorer-config";

/** The same run, its reward's files by their whole paths. */
export function fromAnywhere<Config extends Sampled>(config: Config): Config {
  const { block, reward } = samplingOf(config);
  const model = reward.model && [reward.model].flat().map((source) => resolve(rewardModelPath(source)));
  const ownFunction = reward.function && { ...reward.function, file: resolve(reward.function.file) };
  const options = config[block as keyof Config] as object;
  return {
    ...config,
    model: { ...config.model, source: resolve(modelPath(config.model.source)) },
    [block]: { ...options, reward: { ...reward, model, function: ownFunction } },
  };
}
