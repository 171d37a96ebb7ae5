// Sampled answers to the prompts that a run answers again and again.
import type { Text } from "./chat";

export interface Answer {
  prompt: Text;
  answer: string;
  tokens: number;
  /** Exact KL to the reference over this answer, nats. */
  kl: number;
  /** What the run's reward gives it; null where there is none. */
  reward: number | null;
  gold: number | null;
}
