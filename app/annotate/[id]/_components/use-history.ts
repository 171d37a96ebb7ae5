import { useCallback, useState } from "react";
import { request } from "@/app/_client/fetch";
import { useTranslate } from "@/app/_messages/use-translate";
import type { PastVoteDto, VoteDto } from "@/lib/annotation/judging/judging-schema";
import { say } from "../../../ui/toast";
import { flush } from "./outbox";

export interface VoteHistory {
  /** The vote that is shown; null at the newest task. */
  vote: PastVoteDto | null;
  /** How many votes ago it was, from 1. */
  ago: number;
  back: () => Promise<void>;
  forward: () => void;
  /** Shows one of these, the newest votes. */
  show: (votes: PastVoteDto[], at: number) => void;
  leave: () => void;
  /** Replaces the shown vote after a change. */
  changed: (said: VoteDto) => void;
}

/** Steps through the annotator's own votes, newest first. */
export function useVoteHistory(queueId: number): VoteHistory {
  const t = useTranslate();
  const [walk, setWalk] = useState<{ votes: PastVoteDto[]; at: number } | null>(null);
  const back = useCallback(async () => {
    const at = walk ? walk.at + 1 : 0;
    const known = walk?.votes ?? [];
    if (at < known.length) return setWalk({ votes: known, at });
    if (!navigator.onLine) return void say(t("screen.offline"));
    await flush();
    const before = known.at(-1);
    const older = await request<PastVoteDto[]>(
      `/api/queues/${queueId}/history${before ? `?before=${before.seq}` : ""}`,
    );
    if (older.length === 0) return void say(t(known.length > 0 ? "screen.firstVote" : "screen.noVotes"));
    setWalk({ votes: [...known, ...older], at });
  }, [walk, queueId, t]);
  const forward = useCallback(() => setWalk((now) => (now && now.at > 0 ? { ...now, at: now.at - 1 } : null)), []);
  const show = useCallback((votes: PastVoteDto[], at: number) => setWalk({ votes, at }), []);
  const leave = useCallback(() => setWalk(null), []);
  const changed = useCallback(
    (said: VoteDto) =>
      setWalk(
        (now) => now && { ...now, votes: now.votes.map((vote, i) => (i === now.at ? { ...vote, ...said } : vote)) },
      ),
    [],
  );
  return { vote: walk?.votes[walk.at] ?? null, ago: walk ? walk.at + 1 : 0, back, forward, show, leave, changed };
}
