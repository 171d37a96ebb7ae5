import type { Stage } from "@/lib/models/models-schema";

export const stageWords: Record<Stage, string> = {
  base: "Base",
  instruct: "Instruct",
  chat: "Chat",
  reward: "Reward model",
};
/** What the stages say. */
export const stageAbout: Record<Stage, string> = {
  base: "Trained on text alone: it has no chat template",
  instruct: "It follows instructions: it has a chat template, or was trained on responses",
  chat: "Trained on preferences or rewards",
  reward: "It scores responses and writes none",
};
