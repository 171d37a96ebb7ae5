"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { jobsQuery } from "@/app/_client/queries";
import type { SplitChoice, UploadSource, UploadState } from "@/lib/datasets/uploads/uploads-schema";
import { usualName } from "@/spec/row-files";
import { type Choice, keepChoice, keptChoice, noChoice } from "./kept-choice";
import { type ChosenFile, sendFiles, wantedFiles } from "./send-files";
import {
  cancelWork,
  chooseSplit,
  giveUp,
  isAtWork,
  nameSource,
  previewQuery,
  startImport,
  uploadQuery,
} from "./upload-queries";

/** An upload, which the address names once its files are with the server, and what is chosen for it. */
interface Chosen {
  upload: string;
  /** As the files call it. */
  title: string;
  choice: Choice;
}

/** An upload that the address names, as the server knows it. */
export interface Known {
  upload: string;
  state: UploadState;
}

const nothing = (upload: string, title = ""): Chosen => ({ upload, title, choice: noChoice });

/** Files on their way into a dataset: sending or fetching them, how they are read, and their import. */
export function useUpload(known: Known | null) {
  const router = useRouter();
  const client = useQueryClient();
  const [chosen, setChosen] = useState(() =>
    known ? nothing(known.upload, titleOf(known.state)) : nothing(crypto.randomUUID()),
  );
  const [sent, setSent] = useState<{ bytes: number; of: number } | null>(null);
  const sending = useRef<AbortController | null>(null); // of the button that cancels
  const { upload, title, choice } = chosen;
  const { typed, mapping } = choice;
  const name = typed ?? title;
  const { data: state } = useQuery(uploadQuery(upload, upload === known?.upload ? known.state : undefined));
  const { work, files } = state;
  const busy = isAtWork(state);
  const report = work?.report ?? null;
  const preview = useQuery({
    ...previewQuery(upload, choice),
    enabled: sent === null && !busy && files.length > 0 && report === null,
  });
  const as = choice.as ?? preview.data?.as ?? "labelled"; // Import waits for the preview, so that a file is never imported as the wrong type
  const question = choice.question ?? preview.data?.question ?? null;
  const learn = (id: string, state: UploadState) => client.setQueryData(uploadQuery(id).queryKey, state);

  const send = useMutation({
    mutationFn: ({ id, all, cancelled }: { id: string; all: ChosenFile[]; cancelled: AbortSignal }) =>
      sendFiles(id, all, { onSent: setSent, onState: (state) => learn(id, state), cancelled }),
    onSuccess: (_, { id }) => keepInAddress(id),
    onError: (_, { id }) => void giveUp(id).then((left) => learn(id, left)),
    onSettled: () => setSent(null),
  });
  const source = useMutation({
    mutationFn: ({ id, from }: { id: string; from: UploadSource }) => nameSource(id, from),
    onSuccess: (begun, { id }) => {
      learn(id, begun);
      keepInAddress(id);
    },
  });
  const split = useMutation({
    mutationFn: (wanted: SplitChoice) => chooseSplit(upload, wanted),
    onSuccess: async (state) => {
      learn(upload, state);
      await client.invalidateQueries({ queryKey: [...uploadQuery(upload).queryKey, "preview"] });
    },
  });
  const start = useMutation({
    mutationFn: () => startImport(upload, { name, as, question, mapping }),
    onSuccess: async (begun) => {
      learn(upload, begun);
      await client.invalidateQueries({ queryKey: jobsQuery.queryKey });
    },
  });
  const cancel = useMutation({
    mutationFn: async () => {
      if (sent) sending.current?.abort();
      else if (work) await cancelWork(work.job);
    },
    onSettled: () => client.invalidateQueries({ queryKey: uploadQuery(upload).queryKey }),
  });
  const address = known?.upload;
  useEffect(() => {
    const kept = address && keptChoice(address); // after hydration, as the server does not know it
    if (kept) setChosen((now) => (now.upload === address ? { ...now, choice: kept } : now));
  }, [address]);
  useEffect(() => {
    if (report) router.refresh(); // the list of datasets has one more
  }, [report, router]);

  const choose = (chosen: Chosen, choice: Choice) => {
    setChosen({ ...chosen, choice });
    keepChoice(chosen.upload, choice);
  };
  /** Other files: what was there before is given up, unless it is in a dataset by now. */
  const begin = (title: string): string => {
    const next = nothing(crypto.randomUUID(), title.slice(0, 80));
    if (files.length > 0) void giveUp(upload);
    choose(next, report === null ? { ...noChoice, typed } : noChoice);
    for (const one of [send, source, split, start, cancel]) one.reset();
    return next.upload;
  };
  return {
    ...{ id: upload, state, preview, as, question, name, mapping, sent, busy, report },
    error: send.error ?? source.error ?? split.error ?? start.error ?? cancel.error ?? preview.error,
    starting: start.isPending,
    change: (change: Partial<Choice>) => choose(chosen, { ...choice, ...change }),
    chooseFiles(all: ChosenFile[]) {
      const wanted = wantedFiles(all);
      if (wanted.length === 0) return;
      setSent({ bytes: 0, of: 1 });
      const controller = new AbortController();
      sending.current = controller;
      const id = begin(usualName(wanted[0]!.name.split("/")[0]!));
      send.mutate({ id, all: wanted, cancelled: controller.signal });
    },
    chooseSource: (from: UploadSource) =>
      source.mutate({ id: begin("hub" in from ? from.hub.id : usualName(from.path)), from }),
    chooseSplit: (wanted: SplitChoice) => split.mutate(wanted),
    start: () => start.mutate(),
    cancel: () => cancel.mutate(),
    again() {
      begin("");
      keepInAddress(null);
    },
  };
}

/** So that leaving the page, or loading it again, loses nothing. */
function keepInAddress(upload: string | null): void {
  window.history.replaceState(null, "", upload ? `/datasets/add?upload=${upload}` : "/datasets/add");
}

const titleOf = ({ title, files: [first] }: UploadState): string =>
  title ?? (first ? usualName(first.name.split("/")[0]!) : "");
