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
import { Doctor } from "./_components/doctor";

export const metadata: Metadata = { title: "Dataset doctor" };

export default async function DoctorPage({ params }: PageProps<"/data/[id]/doctor">) {
  await connection();
  const address = (await params).id;
  const { id } = orNotFound(() => queueOf(address));
  const annotator = await currentAnnotator();
  if (!annotator) return <NameGate />;
  const queue = getQueue(id, annotator.id);
  return (
    <Page>
      <PageHeader
        title={`Doctor: ${queue.name}`}
        about="What may be wrong with these pairs, and a way to leave it out."
      >
        <Link href={`/data/${queue.id}`} className={buttonClass()}>
          Back to the queue
        </Link>
      </PageHeader>
      <Doctor queueId={queue.id} />
    </Page>
  );
}
