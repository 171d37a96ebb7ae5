import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { filterOf, searchOf } from "@/lib/annotation/records/records-schema";
import { exportCounts } from "@/lib/datasets/snapshots/export-counts";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { questionOf } from "@/spec/queue-options";
import { orNotFound } from "../../../or-not-found";
import { NameGate } from "../../../ui/name-gate";
import { viewWords } from "../_components/record-words";
import { ExportView } from "./_components/export-view";

export const metadata: Metadata = { title: "Export" };

export default async function ExportPage({ params, searchParams }: PageProps<"/datasets/[id]/export">) {
  await allow("read", { annotate: params });
  const address = (await params).id;
  const { id, mode } = orNotFound(() => queueOf(address));
  if (!(await currentAnnotator())) return <NameGate />;
  const { records } = await searchParams;
  const view = typeof records === "string" ? filterOf(new URLSearchParams(records)) : null;
  const search = view ? searchOf(view).toString() : "";
  return (
    <ExportView
      key={search}
      id={id}
      counts={exportCounts(id)}
      records={search}
      words={view ? viewWords(view) : ""}
      question={questionOf(mode)}
    />
  );
}
