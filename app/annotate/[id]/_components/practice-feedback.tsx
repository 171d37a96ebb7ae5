import { useEffect, useState } from "react";
import { request } from "@/app/_client/fetch";
import type { Choice, LessonDto, TaskDto } from "@/lib/annotation/judging/judging-schema";
import { Button, Key } from "../../../ui/buttons";
import { bannerShape } from "./banners";
import { sayChoice } from "./keys";
import { flush } from "./outbox";

const rightWords = {
  left: "A is better",
  right: "B is better",
  tie: "tie",
  both_bad: "both bad",
  good: "good",
  bad: "bad",
};

/** After a vote on a practice record of the qualification round: the correct answer, and why. The server gives it once it has the vote. */
export function PracticeFeedback({
  queueId,
  task,
  choice,
  onGo,
}: {
  queueId: number;
  task: TaskDto;
  choice: Choice;
  onGo: () => void;
}) {
  const [lesson, setLesson] = useState<LessonDto | { problem: string } | null>(null);
  useEffect(() => {
    let shown = true;
    flush()
      .then(() => request<LessonDto>(`/api/queues/${queueId}/lesson?item=${task.id}`))
      .catch((error: Error) => ({ problem: error.message }))
      .then((told) => shown && setLesson(told));
    return () => {
      shown = false;
    };
  }, [queueId, task.id]);
  const right = lesson && "right" in lesson ? lesson : null;
  return (
    <section
      role="status"
      aria-label="Feedback"
      className={`${bannerShape} ${!right || choice.kind === right.right ? "bg-good/10" : "bg-warn/10"}`}
    >
      <span>
        {right && (
          <>
            <strong>
              {choice.kind === right.right ? "Correct" : "Incorrect"}. Correct answer: {rightWords[right.right]}.
            </strong>{" "}
            {right.because}{" "}
          </>
        )}
        {lesson && "problem" in lesson && `${lesson.problem} `}
        Your answer: {sayChoice(choice)}.
      </span>
      <Button kind="primary" className="ml-auto" onClick={onGo}>
        <Key>Enter</Key> Continue
      </Button>
    </section>
  );
}
