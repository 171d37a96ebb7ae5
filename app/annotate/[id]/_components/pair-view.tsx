import { useEffect, useState } from "react";
import type { TaskDto } from "@/lib/annotation/judging/judging-schema";
import { Prose } from "../../../ui/prose";
import type { Part, wordDiff } from "../../../ui/word-diff";
import { letter } from "./keys";
import { PromptView } from "./prompt-view";

/** How answers are shown: rendered Markdown, raw text, or a diff. */
export type Look = "rendered" | "raw" | "diff";

interface Props {
  task: TaskDto;
  /** Its number, where that may be shown. */
  record: number | undefined;
  look: Look;
  about: string;
}

/** The conversation, then the answers side by side (stacked on narrow screens), so that they scroll as one. Their models are not named. */
export function PairView({ task, record, look, about }: Props) {
  const [left, right] = task.answers as [Shown, Shown];
  const isPair = task.answers.length === 2;
  const diff = useDiff(left.text, right.text, isPair && look === "diff");
  return (
    <div className="mx-auto w-full max-w-6xl">
      <h2 className="sr-only">Record {record}</h2>
      <PromptView task={task} />
      <p className="mb-3 px-4 text-soft text-xs">
        {about}
        {task.similar && look !== "diff" && <span className="ml-2">The answers are similar: press D for a diff.</span>}
        {diff && (
          <span className="ml-2">
            {diff.differing} {diff.differing === 1 ? "word differs" : "words differ"}.
          </span>
        )}
      </p>
      <div className={`grid gap-4 px-4 pb-4 lg:grid-cols-2 ${task.answers.length % 3 === 0 ? "xl:grid-cols-3" : ""}`}>
        {task.answers.map((answer, place) => (
          <Answer
            key={letter(place)}
            place={place}
            sided={isPair}
            answer={answer}
            look={look}
            parts={place === 0 ? diff?.left : diff?.right}
          />
        ))}
      </div>
    </div>
  );
}

/** The diff of the two answers; its code is loaded on first use. */
function useDiff(left: string, right: string, wanted: boolean): ReturnType<typeof wordDiff> | null {
  const [found, setFound] = useState<{ of: string; diff: ReturnType<typeof wordDiff> } | null>(null);
  const of = `${left}\n${right}`;
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    void import("../../../ui/word-diff").then(({ wordDiff }) => {
      if (current) setFound({ of, diff: wordDiff(left, right) });
    });
    return () => {
      current = false;
    };
  }, [left, right, of, wanted]);
  return wanted && found?.of === of ? found.diff : null;
}

type Shown = TaskDto["answers"][number];

interface AnswerProps {
  place: number;
  /** Whether it is the left or right one of two, and has that side's colour. */
  sided: boolean;
  answer: Shown;
  look: Look;
  parts: Part[] | undefined;
}

const inks = ["text-side-a", "text-side-b"];
const edges = ["border-t-side-a", "border-t-side-b"];

function Answer({ place, sided, answer: { text, html }, look, parts }: AnswerProps) {
  const name = letter(place);
  return (
    <article
      aria-label={`Answer ${name}`}
      className={`isolate min-w-0 rounded-md border border-t-3 bg-surface ${sided ? edges[place] : ""}`}
    >
      <h3
        className={`sticky top-(--under-prompt) rounded-t-md bg-surface px-4 py-1.5 text-sm ${sided ? inks[place] : ""}`}
      >
        {name}
      </h3>
      <div className="px-4 pb-4">
        {look === "rendered" ? (
          <Prose html={html} />
        ) : (
          <pre
            dir="auto"
            className={`whitespace-pre-wrap text-sm wrap-anywhere ${look === "raw" ? "font-mono" : "font-sans"}`}
          >
            {parts ? <Marked parts={parts} /> : text}
          </pre>
        )}
      </div>
    </article>
  );
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
