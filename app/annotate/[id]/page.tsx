import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentAnnotator } from "@/lib/annotators/queries";
import { AppError } from "@/lib/errors";
import { rankingScreen } from "@/lib/queues/queries";
import type { ScreenDto } from "@/lib/queues/schema";
import { NameGate } from "../../ui/name-gate";
import { Ranker } from "./ranker";

export const metadata: Metadata = { title: "Rank pairs" };

export default async function RankPage({ params }: PageProps<"/annotate/[id]">) {
  const annotator = await currentAnnotator();
  if (!annotator) return <NameGate />;
  return <Ranker initial={screenOf(Number((await params).id), annotator.id)} />;
}

function screenOf(queueId: number, annotatorId: number): ScreenDto {
  try {
    return rankingScreen(queueId, annotatorId);
  } catch (error) {
    if (error instanceof AppError && error.status === 404) notFound();
    throw error;
  }
}
