import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef } from "react";
import { send } from "@/app/_client/checked-fetch";
import { type ChatAnswer, type Thumb, thumbSaved, thumbs } from "@/lib/runs/chat-schema";
import { sayError } from "../../ui/toast";

const nameOf = ({ messages, answer }: ChatAnswer): string => JSON.stringify([messages, answer]);

/** What the annotator says of these answers of a model, and how to say it. */
export function useThumbs(subject: string, answers: ChatAnswer[], known: boolean) {
  const client = useQueryClient();
  const names = answers.map(nameOf);
  const queryKey = ["thumbs", subject, names];
  const { data } = useQuery({
    queryKey,
    queryFn: async (): Promise<Record<string, Thumb>> => {
      const said = await send("POST", `/api/runs/${encodeURIComponent(subject)}/chat/thumbs`, { answers }, thumbs);
      return Object.fromEntries(names.map((name, i) => [name, said[i]!]));
    },
    enabled: known && answers.length > 0,
    placeholderData: keepPreviousData,
  });
  const shownAt = useRef(new Map<string, number>()); // of each answer, for the time it took
  useEffect(() => {
    for (const name of names) if (!shownAt.current.has(name)) shownAt.current.set(name, performance.now());
  });
  const put = useMutation({
    mutationFn: ({ given, says }: { given: ChatAnswer; says: Thumb }) => {
      const since = shownAt.current.get(nameOf(given)) ?? performance.now();
      const activeMs = Math.round(Math.min(performance.now() - since, 3_600_000));
      const body = { ...given, says, activeMs, key: crypto.randomUUID() };
      return send("POST", `/api/runs/${encodeURIComponent(subject)}/chat/thumb`, body, thumbSaved);
    },
    onSuccess: (_, { given, says }) =>
      client.setQueriesData<Record<string, Thumb>>(
        { queryKey: ["thumbs", subject] },
        (old) => old && { ...old, [nameOf(given)]: says },
      ),
    onError: (error) => void sayError(error.message),
  });
  return {
    thumbOn: (answer: ChatAnswer): Thumb => data?.[nameOf(answer)] ?? null,
    /** The same thumb again takes it back. */
    press: (given: ChatAnswer, says: "good" | "bad") =>
      put.mutate({ given, says: data?.[nameOf(given)] === says ? null : says }),
    busy: put.isPending,
    /** Where the last one went; null once it was taken back. */
    saved: put.data && put.variables?.says ? put.data.dataset : null,
  };
}

/** Votes with 1 and 2 on one answer, wherever no text is being typed: a message may begin with either. */
export function useThumbKeys(active: boolean, onPress: (says: "good" | "bad") => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const typing = (event.target as HTMLElement).matches("input, select, textarea");
    if (!active || typing || event.repeat || event.altKey || event.ctrlKey || event.metaKey) return;
    const says = event.key === "1" ? "good" : event.key === "2" ? "bad" : null;
    if (!says) return;
    event.preventDefault();
    onPress(says);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
