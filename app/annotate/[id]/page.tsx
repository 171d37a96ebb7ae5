import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentAnnotator } from "@/lib/annotators/queries";
import { AppError } from "@/lib/errors";
import { pairsQuery } from "@/lib/queries";
import { rankingScreen } from "@/lib/queues/queries";
import { getQueryClient } from "../../get-query-client";
import { NameGate } from "../../ui/name-gate";
import { Ranker } from "./ranker";

export const metadata: Metadata = { title: "Rank pairs" };

export default async function RankPage({ params }: PageProps<"/annotate/[id]">) {
  const annotator = await currentAnnotator();
  if (!annotator) return <NameGate />;
  const id = Number((await params).id);
  const client = getQueryClient();
  try {
    client.setQueryData(pairsQuery(id).queryKey, rankingScreen(id, annotator.id));
  } catch (error) {
    if (error instanceof AppError && error.status === 404) notFound();
    throw error;
  }
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Ranker queueId={id} />
    </HydrationBoundary>
  );
}
