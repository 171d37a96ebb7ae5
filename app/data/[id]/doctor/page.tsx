import type { Metadata } from "next";
import Link from "next/link";
import { connection } from "next/server";
import { currentAnnotator } from "@/lib/annotators/queries";
import { queueOf } from "@/lib/queues/found";
import { getQueue } from "@/lib/queues/queries";
import { orNotFound } from "../../../or-not-found";
import { buttonClass } from "../../../ui/buttons";
import { NameGate } from "../../../ui/name-gate";
import { Page, PageHeader } from "../../../ui/screen";
import { Doctor } from "./doctor";

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
