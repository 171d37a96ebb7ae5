import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { disputesQuery } from "@/app/_client/queries";
import { allow } from "@/lib/access/allow";
import { getQueue } from "@/lib/annotation/queues/list-queues";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { disputesOf } from "@/lib/annotation/review/disputes";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { getQueryClient } from "../../../_client/get-query-client";
import { PageMessages } from "../../../_messages/get-translate";
import { orNotFound } from "../../../or-not-found";
import { NameGate } from "../../../ui/name-gate";
import { Adjudication } from "./_components/adjudication";

export const metadata: Metadata = { title: "Adjudication" };

export default async function AdjudicationPage({ params }: PageProps<"/datasets/[id]/adjudication">) {
  await allow("review", { annotate: params });
  const address = (await params).id;
  const { id } = orNotFound(() => queueOf(address));
  const reviewer = await currentAnnotator();
  if (!reviewer) return <NameGate />;
  const queue = getQueue(id, reviewer.id);
  const client = getQueryClient();
  client.setQueryData(disputesQuery(queue.id).queryKey, disputesOf(queue.id, reviewer.id));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PageMessages groups={["screen"]}>
        <Adjudication queue={queue} />
      </PageMessages>
    </HydrationBoundary>
  );
}
