import type { ReactNode } from "react";
import { type Part, wordDiff } from "../../../ui/word-diff";

export interface AnswerDiff {
  left: ReactNode;
  right: ReactNode;
  differing: number;
}

/** Two answers with the words marked that only one of them has. */
export function diffOf(left: string, right: string): AnswerDiff {
  const { differing, ...parts } = wordDiff(left, right);
  return { left: <Marked parts={parts.left} />, right: <Marked parts={parts.right} />, differing };
}

/** Differing words are underlined as well as tinted, since not everybody can tell the colours apart. */
function Marked({ parts }: { parts: Part[] }) {
  return parts.map(({ text, own }, i) =>
    own ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the text
      <mark key={i} className="rounded-xs bg-warn/20 text-ink underline decoration-2 underline-offset-2">
        {text}
      </mark>
    ) : (
      text
    ),
  );
}
