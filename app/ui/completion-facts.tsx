import type { SampleDto } from "@/lib/runs/run-schema";
import { number } from "./format";

/** KL and rewards of a completion. */
export function CompletionFacts({ answer: { kl, reward, gold } }: { answer: SampleDto }) {
  return (
    <>
      {` · KL ${number(kl, 2)} nats`}
      {reward !== null && ` · reward ${number(reward, 2)}`}
      {gold !== null && ` · oracle ${gold}`}
    </>
  );
}
