import type { ComponentProps } from "react";
import type { Mode } from "./keys";
import { RankingBar } from "./ranking-bar";
import { SingleBar } from "./single-bar";
import { StepsBar } from "./steps";

type Props = ComponentProps<typeof SingleBar> & ComponentProps<typeof RankingBar> & { mode: Mode };

/** In place of the votes on a pair. */
export function OtherVotes({ mode, answers, off, onRank, ...bar }: Props) {
  if (mode === "single") return <SingleBar {...bar} />;
  if (mode === "steps") return <StepsBar {...bar} />;
  return <RankingBar {...{ answers, off, onRank }} />;
}
