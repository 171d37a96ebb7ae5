import type { Metadata } from "next";
import { currentAnnotator } from "@/lib/annotators/queries";
import { queueOf } from "@/lib/queues/found";
import { rankingScreen } from "@/lib/queues/queries";
import { orNotFound } from "../../or-not-found";
import { NameGate } from "../../ui/name-gate";
import { Ranker } from "./ranker";

export const metadata: Metadata = { title: "Rank pairs" };

export default async function RankPage({ params }: PageProps<"/annotate/[id]">) {
  const { id } = await params;
  const queue = orNotFound(() => queueOf(id));
  const annotator = await currentAnnotator();
  if (!annotator) return <NameGate />;
  return <Ranker annotatorId={annotator.id} initial={rankingScreen(queue.id, annotator.id)} />;
}
