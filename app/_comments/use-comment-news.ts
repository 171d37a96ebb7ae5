import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { mentionsQuery } from "../_client/queries";

/** Has what depends on comments asked for anew, after one was written, changed or read: unread mentions, records that are discussed. */
export function useCommentNews(queueId: number): () => void {
  const client = useQueryClient();
  return useCallback(() => {
    for (const queryKey of [mentionsQuery.queryKey, ["records", queueId], ["record", queueId]])
      void client.invalidateQueries({ queryKey });
  }, [client, queueId]);
}
