import { useEffect, useReducer, useState } from "react";
import type { CommentChange, CommentDto, CommentsDto } from "@/lib/annotation/comments/comments-schema";
import { request, send } from "../_client/fetch";
import { here } from "../_messages/translate";
import { sayError, sayWithUndo } from "../ui/toast";

export interface Comments {
  /** Null before they are here. */
  found: CommentsDto | null;
  problem: string;
  load: () => void;
  /** Whether it was saved. */
  write: (text: string) => Promise<boolean>;
  change: (comment: CommentDto, change: CommentChange) => Promise<boolean>;
  remove: (comment: CommentDto) => Promise<boolean>;
}

interface Where {
  queueId: number;
  record: number;
  /** The address that they are read from. */
  from: string;
  onChange: (() => void) | undefined;
}

/** The comments on a record. Asked for without zod, as the annotation screen asks for everything. */
export function useComments({ queueId, record, from, onChange }: Where): Comments {
  const [answer, setAnswer] = useState<{ from: string; found: CommentsDto } | null>(null);
  const found = answer?.from === from ? answer.found : null; // not those of the record before
  const [problem, setProblem] = useState("");
  const [turn, load] = useReducer((asked: number) => asked + 1, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks again
  useEffect(() => {
    let shown = true;
    setProblem("");
    request<CommentsDto>(from).then(
      (found) => shown && setAnswer({ from, found }),
      (error: Error) => shown && setProblem(error.message),
    );
    return () => {
      shown = false;
    };
  }, [from, turn]);

  const unread = found?.comments.some((comment) => comment.unread);
  useEffect(() => {
    if (unread) send("PATCH", "/api/mentions", { record }).then(onChange, () => undefined); // stays unread, and is named again
  }, [unread, record, onChange]);

  const base = `/api/queues/${queueId}/comments`;
  const done = async (work: Promise<unknown>) => {
    try {
      await work;
    } catch (error) {
      void sayError((error as Error).message);
      return false;
    }
    load();
    onChange?.();
    return true;
  };
  const write = (text: string) => done(send("POST", base, { record, text }));
  return {
    ...{ found, problem, load, write },
    change: ({ id }, change) => done(send("PATCH", `${base}/${id}`, change)),
    remove: async ({ id, own }) => {
      const gone = await done(request(`${base}/${id}`, { method: "DELETE" }));
      if (gone) void sayWithUndo(here()("comment.deleted"), () => void write(own!), 8000);
      return gone;
    },
  };
}
