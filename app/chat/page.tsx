import type { Metadata } from "next";
import type { ReactNode } from "react";
import { allow } from "@/lib/access/allow";
import { listModels } from "@/lib/models/list-models";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { runsBeside, runsToChatWith } from "@/lib/runs/chat";
import { baseSubject, subjectOf } from "@/lib/runs/chat-subject";
import { methodOf } from "@/spec/methods/all";
import { orNotFound } from "../or-not-found";
import { DemoButton } from "../runs/_components/demo-button";
import { load } from "../runs/[id]/_components/load";
import { Empty } from "../ui/empty";
import { Page, PageHeader } from "../ui/screen";
import { ChatView } from "./_components/chat-view";
import { ModelChoice } from "./_components/model-choice";

export const metadata: Metadata = { title: "Chat" };

/** `a` is who answers, a run or `base:MODEL`, else the newest run; `b` what answers beside it: another run, or "base". */
export default async function ChatPage({ searchParams }: PageProps<"/chat">) {
  await allow("write");
  const { a, b } = await searchParams;
  const runs = runsToChatWith();
  const bases = (await listModels()).filter(({ kind, scores, bytes }) => kind === "base" && !scores && bytes !== null);
  const asked = typeof a === "string" ? a : (runs[0]?.id ?? bases.map(({ id }) => baseSubject(id))[0]);
  if (asked === undefined) return <NoModel action={<DemoButton />} />;
  const subject = orNotFound(() => subjectOf(asked));
  const run = subject.isBase ? null : load(subject.id);
  if (run && (!run.adapter || methodOf(run.config).produces !== "policy")) return <NoModel />;
  const annotator = await currentAnnotator();
  const others = runsBeside(subject.id);
  const beside =
    typeof b === "string" && ((b === "base" && !subject.isBase) || others.some(({ id }) => id === b)) ? b : null;
  const own = { id: subject.id, name: subject.name, model: subject.model.source };
  const isListed = subject.isBase || runs.some(({ id }) => id === subject.id);
  const choices = {
    runs: isListed ? runs : [own, ...runs],
    bases: bases.map(({ id, name }) => ({ id: baseSubject(id), name })),
  };
  if (subject.isBase && !choices.bases.some(({ id }) => id === subject.id)) choices.bases.unshift(own);
  return (
    <Page>
      <PageHeader
        title={`Chat with ${subject.name}`}
        about={
          subject.isBase
            ? "It answers alone, or beside a run that was trained from it: blind, in random order, until your vote, which is saved in a dataset."
            : "It answers alone, or beside its base model or another run: blind, in random order, until your vote, which is saved in a dataset."
        }
      >
        <ModelChoice {...choices} chosen={subject.id} />
      </PageHeader>
      <ChatView
        key={subject.id}
        subject={subject.id}
        isBase={subject.isBase}
        name={subject.name}
        steps={[...new Set(run?.checkpoints.map(({ step }) => step))]}
        others={others}
        known={annotator !== null}
        beside={beside}
      />
    </Page>
  );
}

const NoModel = ({ action }: { action?: ReactNode }) => (
  <Page>
    <PageHeader title="Chat" />
    <Empty title="No model to chat with yet" action={action}>
      You can chat with a run once it has saved an adapter. Reward models only score.
    </Empty>
  </Page>
);
