"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { cancelWork } from "@/app/datasets/add/_components/upload-queries";
import type { ChangedCorpus, CorpusState } from "@/lib/corpus/corpora-schema";
import { AtWork } from "../../../../ui/at-work";
import { Button } from "../../../../ui/buttons";
import { Card, Problem } from "../../../../ui/cards";
import { Confirm } from "../../../../ui/confirm";
import { useHydrated } from "../../../../ui/use-hydrated";
import { corpusQuery, goOn, removeCorpus, stageTexts } from "./corpus-queries";
import { LeastScore } from "./least-score";
import { count } from "./step-words";
import { Waterfall } from "./waterfall";

/** A corpus: how far it is, what fell where, and the way of its texts into a dataset. */
export function CorpusView({ known }: { known: CorpusState }) {
  const [client, router, hydrated] = [useQueryClient(), useRouter(), useHydrated()];
  const [deleting, setDeleting] = useState(false);
  const query = corpusQuery(known);
  const { data: state, error } = useQuery(query);
  const { id, work, report } = state;
  const learn = (next: CorpusState) => client.setQueryData(query.queryKey, next);
  const going = useMutation({ mutationFn: (changed: ChangedCorpus) => goOn(id, changed), onSuccess: learn });
  const cancel = useMutation({
    mutationFn: async () => work && cancelWork(work.job),
    onSettled: () => client.invalidateQueries({ queryKey: query.queryKey }),
  });
  const use = useMutation({
    mutationFn: () => stageTexts(id),
    onSuccess: ({ upload }) => router.push(`/datasets/add?upload=${upload}`),
  });
  const remove = useMutation({
    mutationFn: () => removeCorpus(id),
    onSuccess: () => {
      router.push("/datasets/add/documents");
      router.refresh();
    },
  });
  const failed = error ?? going.error ?? cancel.error ?? use.error ?? remove.error;
  return (
    <>
      {work && <AtWork said={work.said || "Starting"} progress={work.progress} onCancel={() => cancel.mutate()} />}
      {failed && <Problem error={failed} />}
      {state.error && <Problem error={state.error} />}
      {report && (
        <Card title="What each step dropped">
          <Waterfall report={report} onRestore={(one) => going.mutate({ restore: [one] })} />
          <Facts report={report} />
          {state.config.quality && (
            <LeastScore
              known={state.config.quality.min}
              disabled={!hydrated || going.isPending}
              onChange={(min) => going.mutate({ min })}
            />
          )}
        </Card>
      )}
      {!work && (
        <div className="flex flex-wrap gap-2">
          {report ? (
            <Button
              kind="primary"
              disabled={!hydrated || use.isPending || report.kept.documents === 0}
              onClick={() => use.mutate()}
            >
              Use as training text
            </Button>
          ) : (
            <Button kind="primary" disabled={!hydrated || going.isPending} onClick={() => going.mutate({})}>
              Go on
            </Button>
          )}
          <Button disabled={!hydrated || remove.isPending} onClick={() => setDeleting(true)}>
            Delete the corpus
          </Button>
          {deleting && (
            <Confirm
              title={`Delete ${known.name}`}
              onClose={() => setDeleting(false)}
              yes="Delete"
              deletes
              disabled={remove.isPending}
              onYes={() => remove.mutate(undefined, { onError: () => setDeleting(false) })}
            >
              Its texts, and what each step dropped, are deleted for good. The documents and datasets made of it stay.
            </Confirm>
          )}
        </div>
      )}
    </>
  );
}

function Facts({ report: { kept, masked, languages, scores, files } }: { report: NonNullable<CorpusState["report"]> }) {
  const listed = (counts: Record<string, number>) =>
    Object.entries(counts)
      .slice(0, 8)
      .map(([name, times]) => `${name} ${count(times)}`)
      .join(", ");
  return (
    <p className="numbers mt-4 max-w-[75ch] text-soft">
      Kept: {count(kept.documents)} documents of {count(files)} files, {count(kept.words)} words,{" "}
      {count(kept.characters)} characters.
      {kept.documents > 0 && ` Languages: ${listed(languages)}.`}
      {scores && ` ${scoreWords(scores)}`}
      {masked.documents > 0 && ` Masked in ${count(masked.documents)} documents: ${listed(masked.kinds)}.`}
    </p>
  );
}

function scoreWords({ documents, tenths }: NonNullable<NonNullable<CorpusState["report"]>["scores"]>): string {
  const [least, tenth, median, ninth, most] = [0, 1, 5, 9, 10].map((i) => tenths[i]!.toPrecision(3));
  return `Scores of ${count(documents)} documents: ${least} to ${most}, a tenth below ${tenth}, half below ${median}, a tenth above ${ninth}.`;
}
