// What the page of a corpus asks for.
import { queryOptions } from "@tanstack/react-query";
import { request, send } from "@/app/_client/checked-fetch";
import {
  type ChangedCorpus,
  type CorpusState,
  corpora,
  corpusState,
  type NewCorpus,
  stagedTexts,
} from "@/lib/corpus/corpora-schema";

const pathOf = (id: string) => `/api/corpora/${id}`;

export const corpusQuery = (known: CorpusState) =>
  queryOptions({
    queryKey: ["corpus", known.id],
    queryFn: () => request(pathOf(known.id), corpusState),
    initialData: known,
    refetchInterval: ({ state: { data } }) => (data?.work ? 500 : false),
  });

export const beginCorpus = (input: NewCorpus) => send("POST", "/api/corpora", input, corpusState);
export const goOn = (id: string, changed: ChangedCorpus) => send("POST", pathOf(id), changed, corpusState);
export const stageTexts = (id: string) => send("POST", `${pathOf(id)}/dataset`, {}, stagedTexts);
export const removeCorpus = (id: string) => request(pathOf(id), corpora, { method: "DELETE" });
