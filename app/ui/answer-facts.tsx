import type { SampleDto } from "@/lib/runs/run-schema";
import { number } from "./format";

/** What was measured of an answer, after a dot each. */
export function AnswerFacts({ answer: { kl, reward, gold } }: { answer: SampleDto }) {
  return (
    <>
      {` · KL ${number(kl, 2)} nats`}
      {reward !== null && ` · reward ${number(reward, 2)}`}
      {gold !== null && ` · gold ${gold}`}
    </>
  );
}
