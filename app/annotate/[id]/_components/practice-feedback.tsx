import { useEffect, useState } from "react";
import { request } from "@/app/_client/fetch";
import { useTranslate } from "@/app/_messages/use-translate";
import { rich } from "@/app/ui/rich";
import type { Choice, LessonDto, TaskDto } from "@/lib/annotation/judging/judging-schema";
import { Button } from "../../../ui/buttons";
import { bannerShape } from "./banners";
import { sayChoice } from "./keys";
import { flush } from "./outbox";

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
  const t = useTranslate();
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
      aria-label={t("screen.feedback")}
      className={`${bannerShape} ${!right || choice.kind === right.right ? "bg-good/10" : "bg-warn/10"}`}
    >
      <span>
        {right && (
          <>
            <strong>
              {t(choice.kind === right.right ? "screen.correct" : "screen.incorrect", { answer: right.right })}
            </strong>{" "}
            <bdi>{right.because}</bdi>{" "}
          </>
        )}
        {lesson && "problem" in lesson && `${lesson.problem} `}
        {t("screen.yourAnswer", { vote: sayChoice(choice, t) })}
      </span>
      <Button kind="primary" className="ms-auto" onClick={onGo}>
        {rich(t, "screen.continue")}
      </Button>
    </section>
  );
}
