import type { Metadata } from "next";
import Link from "next/link";
import { connection } from "next/server";
import { getQueue } from "@/lib/annotation/queues/list-queues";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { orNotFound } from "../../../or-not-found";
import { buttonClass } from "../../../ui/buttons";
import { NameGate } from "../../../ui/name-gate";
import { Page, PageHeader } from "../../../ui/screen";
import { DataChecks } from "./_components/data-checks";

export const metadata: Metadata = { title: "Data checks" };

export default async function DataChecksPage({ params }: PageProps<"/datasets/[id]/quality">) {
  await connection();
  const address = (await params).id;
  const { id } = orNotFound(() => queueOf(address));
  const annotator = await currentAnnotator();
  if (!annotator) return <NameGate />;
  const queue = getQueue(id, annotator.id);
  return (
    <Page>
      <PageHeader
        title={`Data checks: ${queue.name}`}
        about="Possible problems in these records. Exclude what should not be annotated or trained on."
      >
        <Link href={`/datasets/${queue.id}`} className={buttonClass()}>
          Back to the dataset
        </Link>
      </PageHeader>
      <DataChecks queueId={queue.id} />
    </Page>
  );
}
