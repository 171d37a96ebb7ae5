import type { Metadata } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { runsBeside, runsToChatWith } from "@/lib/runs/chat";
import { methodOf } from "@/spec/methods/all";
import { DemoButton } from "../runs/_components/demo-button";
import { load } from "../runs/[id]/_components/load";
import { Empty, Page, PageHeader } from "../ui/screen";
import { ChatView } from "./_components/chat-view";
import { RunChoice } from "./_components/run-choice";

export const metadata: Metadata = { title: "Chat" };

/** `a` is the run that answers, else the newest; `b` what answers beside it: another run, or "base". */
export default async function ChatPage({ searchParams }: PageProps<"/chat">) {
  await connection();
  const { a, b } = await searchParams;
  const runs = runsToChatWith();
  const asked = typeof a === "string" ? a : runs[0]?.id;
  if (asked === undefined) return <NoModel action={<DemoButton />} />;
  const run = load(asked);
  const annotator = await currentAnnotator();
  const others = runsBeside(run.id);
  const beside = typeof b === "string" && (b === "base" || others.some(({ id }) => id === b)) ? b : null;
  if (!run.adapter || methodOf(run.config).produces !== "policy") return <NoModel />;
  const choices = runs.some(({ id }) => id === run.id)
    ? runs
    : [{ id: run.id, name: run.name, model: run.config.model.source }, ...runs];
  return (
    <Page>
      <PageHeader
        title={`Chat with ${run.name}`}
        about="It answers alone, or beside its base model or another run: blind, in random order, until your vote, which is saved in a dataset."
      >
        <RunChoice runs={choices} chosen={run.id} />
      </PageHeader>
      <ChatView
        key={run.id}
        run={run.id}
        name={run.name}
        steps={[...new Set(run.checkpoints.map(({ step }) => step))]}
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
