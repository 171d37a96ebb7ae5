import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { currentAnnotator } from "@/lib/annotators/queries";
import { disputesOf } from "@/lib/judgements/disputes";
import { disputesQuery } from "@/lib/queries";
import { queueOf } from "@/lib/queues/found";
import { getQueue } from "@/lib/queues/queries";
import { getQueryClient } from "../../../get-query-client";
import { orNotFound } from "../../../or-not-found";
import { NameGate } from "../../../ui/name-gate";
import { Review } from "./review";

export const metadata: Metadata = { title: "Review disagreements" };

export default async function ReviewPage({ params }: PageProps<"/data/[id]/review">) {
  const address = (await params).id;
  const { id } = orNotFound(() => queueOf(address));
  const reviewer = await currentAnnotator();
  if (!reviewer) return <NameGate />;
  const queue = getQueue(id, reviewer.id);
  const client = getQueryClient();
  client.setQueryData(disputesQuery(queue.id).queryKey, disputesOf(queue.id, reviewer.id));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Review queue={queue} />
    </HydrationBoundary>
  );
}
