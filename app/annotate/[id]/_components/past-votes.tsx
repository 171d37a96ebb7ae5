import { useEffect, useState } from "react";
import { request } from "@/app/_client/fetch";
import type { PastVoteDto } from "@/lib/annotation/judging/judging-schema";
import { sayChoice } from "./keys";
import { flush } from "./outbox";

/** The annotator's last votes here, each with the way to its record. */
export function PastVotes({ queueId }: { queueId: number }) {
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
  if (!votes) return <p className="mt-2 text-soft">Loading your votes…</p>;
  return (
    <ol className="mt-2 grid max-h-60 overflow-y-auto text-xs xl:max-h-none">
      {votes.map(({ seq, task, choice, rationale }) => (
        <li key={seq}>
          <a href={`?record=${task.id}`} className="block rounded-md px-1.5 py-1 hover:bg-raised">
            <span className="numbers text-soft">#{task.id}</span> {sayChoice(choice)}
            {rationale && <span className="text-soft">: {rationale}</span>}
          </a>
        </li>
      ))}
      {votes.length === 0 && <li className="text-soft">You have annotated nothing here yet.</li>}
    </ol>
  );
}
