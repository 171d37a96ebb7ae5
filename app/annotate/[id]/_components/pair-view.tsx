import { type ReactNode, useEffect, useState } from "react";
import { useTranslate } from "@/app/_messages/use-translate";
import type { TaskDto } from "@/lib/annotation/judging/judging-schema";
import { Prose } from "../../../ui/prose";
import type { AnswerDiff } from "./answer-diff";
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
  /** In place of the answers: a solution by its steps. */
  steps?: ReactNode;
}

/** The conversation, then the answer that is judged by itself, or the answers side by side (stacked on narrow screens), so that they scroll as one. Their models are not named. */
export function PairView({ task, record, look, about, steps }: Props) {
  const t = useTranslate();
  const { answers } = task;
  const { length } = answers;
  const [left, right = left] = answers as [Shown, Shown?];
  const isPair = length === 2;
  const diff = useDiff(left.text, right.text, isPair && look === "diff");
  return (
    <div className="mx-auto w-full max-w-6xl">
      <h2 className="sr-only">{t("screen.record", { record: record ?? "" })}</h2>
      <PromptView task={task} />
      <p className="mb-3 px-4 text-soft text-xs">
        <bdi>{about}</bdi>
        {task.similar && look !== "diff" && <span className="ms-2">{t("screen.similar")}</span>}
        {diff && <span className="ms-2">{t("screen.differing", { count: diff.differing })}</span>}
      </p>
      <div
        className={`grid gap-4 px-4 pb-4 ${length > 1 ? "lg:grid-cols-2" : ""} ${length % 3 ? "" : "xl:grid-cols-3"}`}
      >
        {steps ??
          answers.map((answer, place) => (
            <Answer
              key={letter(place)}
              place={place}
              name={length > 1 ? letter(place) : ""}
              sided={isPair}
              answer={answer}
              look={look}
              marked={place === 0 ? diff?.left : diff?.right}
            />
          ))}
      </div>
    </div>
  );
}

/** The diff of the two answers; its code is loaded on first use. */
function useDiff(left: string, right: string, wanted: boolean): AnswerDiff | null {
  const [found, setFound] = useState<{ of: string; diff: AnswerDiff } | null>(null);
  const of = `${left}\n${right}`;
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    void import("./answer-diff").then(({ diffOf }) => {
      if (current) setFound({ of, diff: diffOf(left, right) });
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
  /** Its letter; none where it stands alone. */
  name: string;
  /** Whether it is the left or right one of two, and has that side's colour. */
  sided: boolean;
  answer: Shown;
  look: Look;
  /** The text with its differences marked, where those are shown. */
  marked: ReactNode;
}

const inks = ["text-side-a", "text-side-b"];
const edges = ["border-t-side-a", "border-t-side-b"];

function Answer({ place, name, sided, answer: { text, html }, look, marked }: AnswerProps) {
  const t = useTranslate();
  return (
    <article
      aria-label={name ? t("screen.answerNamed", { name }) : t("screen.answer")}
      className={`isolate min-w-0 rounded-md border border-t-3 bg-surface ${sided ? edges[place] : ""}`}
    >
      <h3
        className={`sticky top-(--under-prompt) rounded-t-md bg-surface px-4 py-1.5 text-sm ${sided ? inks[place] : ""}`}
      >
        {name || t("screen.answer")}
      </h3>
      <div className="px-4 pb-4">
        {look === "rendered" ? (
          <Prose html={html} />
        ) : (
          <pre
            dir="auto"
            className={`whitespace-pre-wrap text-sm wrap-anywhere ${look === "raw" ? "font-mono" : "font-sans"}`}
          >
            {marked ?? text}
          </pre>
        )}
      </div>
    </article>
  );
}
