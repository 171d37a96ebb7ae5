import { pipelinePolicies } from "@/lib/runs/pipeline";
import { chosenBy, setKey, type TrainingSet } from "@/lib/runs/run-schema";

/** What was typed, as text. Datasets by their keys; an empty one is none. */
export interface Typed {
  name: string;
  model: string;
  pretraining: string;
  supervised: string;
  preferences: string;
  policies: string[];
  /** Steps. */
  pretrainingSteps: string;
  sft: string;
  reward: string;
  policy: string;
}

export const canImitate = ({ imitated }: TrainingSet): boolean => imitated > 0;
export const hasPairs = ({ pairs }: TrainingSet): boolean => pairs > 0;

/** The sample data, which take minutes on tiny. */
export function usualTyped(sets: TrainingSet[]): Typed {
  const pairs = sets.find((set) => setKey(set) === "sample:film-reviews") ?? sets.find(hasPairs);
  const key = pairs ? setKey(pairs) : "";
  return {
    ...{
      name: "Pipeline",
      model: "tiny",
      pretraining: "",
      supervised: key,
      preferences: key,
      policies: [...pipelinePolicies].slice(0, 2),
    },
    ...{ pretrainingSteps: "400", sft: "120", reward: "300", policy: "120" },
  };
}

/** As the schema of pipelines reads it. */
export function valuesOf(typed: Typed, sets: TrainingSet[]): unknown {
  const { name, model, pretraining, supervised, preferences, policies, pretrainingSteps, sft, reward, policy } = typed;
  const chosen = (key: string) => (sets.some((one) => setKey(one) === key) ? chosenBy(key) : null);
  return {
    ...{
      name: name.trim(),
      model,
      policies,
      pretraining: chosen(pretraining),
      supervised: chosen(supervised),
      preferences: chosen(preferences) ?? undefined,
    },
    steps: { pretraining: Number(pretrainingSteps), sft: Number(sft), reward: Number(reward), policy: Number(policy) },
  };
}
