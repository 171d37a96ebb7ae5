import { connection } from "next/server";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { methodOf } from "@/spec/methods/all";
import { Page, PageHeader } from "../../../ui/screen";
import { load } from "../_components/load";
import { Talk } from "./_components/talk";

export async function generateMetadata({ params }: PageProps<"/runs/[id]/chat">) {
  return { title: `Talk with ${load((await params).id).name}` };
}

export default async function ChatPage({ params }: PageProps<"/runs/[id]/chat">) {
  await connection();
  const run = load((await params).id);
  const annotator = await currentAnnotator();
  return (
    <Page wide>
      <PageHeader
        title={`Talk with ${run.name}`}
        about="Two answers to each question, one by the base and one by what this run made of it, in an order drawn anew each time. Who is who is told after your vote, which goes into a queue."
      />
      <Talk
        run={run.id}
        steps={[...new Set(run.checkpoints.map(({ step }) => step))]}
        known={annotator !== null}
        trained={run.adapter && methodOf(run.config).produces === "policy"}
      />
    </Page>
  );
}
