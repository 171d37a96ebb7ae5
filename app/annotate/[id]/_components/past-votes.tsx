import { useEffect, useState } from "react";
import { request } from "@/app/_client/fetch";
import { useTranslate } from "@/app/_messages/use-translate";
import type { PastVoteDto } from "@/lib/annotation/judging/judging-schema";
import { reasonsOf } from "@/lib/annotation/judging/reasons";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { isNumbered } from "./is-numbered";
import { sayChoice } from "./keys";
import { flush } from "./outbox";

interface Props {
  queue: QueueDto;
  onLookBack: (votes: PastVoteDto[], at: number) => void;
}

/** The annotator's last votes here, each with the way to its record. */
export function PastVotes({ queue, onLookBack }: Props) {
  const t = useTranslate();
  const queueId = queue.id;
  const [votes, setVotes] = useState<PastVoteDto[] | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let shown = true;
    flush()
      .then(() => request<PastVoteDto[]>(`/api/queues/${queueId}/history`))
      .then(
        (found) => shown && setVotes(found),
        (error: Error) => shown && setProblem(error.message),
      );
    return () => {
      shown = false;
    };
  }, [queueId]);
  if (problem) return <p className="mt-2 text-bad">{problem}</p>;
  if (!votes) return <p className="mt-2 text-soft">{t("screen.loadingVotes")}</p>;
  return (
    <ol className="mt-2 grid max-h-60 overflow-y-auto text-xs xl:max-h-none">
      {votes.map((vote, i) => (
        <li key={vote.seq}>
          <button
            type="button"
            onClick={() => onLookBack(votes, i)}
            className="block w-full rounded-md px-1.5 py-1 text-start hover:bg-raised"
          >
            {isNumbered(queue) && <span className="numbers text-soft">#{vote.task.id} </span>}
            {sayChoice(vote.choice, t)}
            {reasonsOf(vote).length > 0 && <span className="text-soft">: {reasonsOf(vote).join(" · ")}</span>}
            <span dir="auto" className="block truncate text-soft">
              {vote.task.prompt.at(-1)?.content}
            </span>
          </button>
        </li>
      ))}
      {votes.length === 0 && <li className="text-soft">{t("screen.noVotes")}</li>}
    </ol>
  );
}
