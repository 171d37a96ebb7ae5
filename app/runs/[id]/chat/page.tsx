import { connection } from "next/server";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { runsBeside } from "@/lib/runs/chat";
import { methodOf } from "@/spec/methods/all";
import { Page, PageHeader } from "../../../ui/screen";
import { load } from "../_components/load";
import { ChatView } from "./_components/chat-view";

export async function generateMetadata({ params }: PageProps<"/runs/[id]/chat">) {
  return { title: `Chat with ${load((await params).id).name}` };
}

export default async function ChatPage({ params }: PageProps<"/runs/[id]/chat">) {
  await connection();
  const run = load((await params).id);
  const annotator = await currentAnnotator();
  return (
    <Page>
      <PageHeader
        title={`Chat with ${run.name}`}
        about="This run answers alone, or beside its base model or another run: in random order then, and which is which is revealed after your vote, which is saved in a dataset."
      />
      <ChatView
        run={run.id}
        name={run.name}
        steps={[...new Set(run.checkpoints.map(({ step }) => step))]}
        others={runsBeside(run.id)}
        known={annotator !== null}
        trained={run.adapter && methodOf(run.config).produces === "policy"}
      />
    </Page>
  );
}
