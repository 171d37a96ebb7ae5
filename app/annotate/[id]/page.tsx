import type { Metadata } from "next";
import { openingScreen } from "@/lib/annotation/queues/list-queues";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { orNotFound } from "../../or-not-found";
import { NameGate } from "../../ui/name-gate";
import { AnnotationScreen } from "./_components/annotation-screen";

export const metadata: Metadata = { title: "Annotate" };

export default async function AnnotateDatasetPage({ params }: PageProps<"/annotate/[id]">) {
  const { id } = await params;
  const queue = orNotFound(() => queueOf(id));
  const annotator = await currentAnnotator();
  if (!annotator) return <NameGate />;
  return <AnnotationScreen annotatorId={annotator.id} initial={await openingScreen(queue.id, annotator.id)} />;
}
