import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { listRecords } from "@/lib/annotation/records/list-records";
import { filterOf } from "@/lib/annotation/records/records-schema";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { getQueryClient } from "../../../_client/get-query-client";
import { orNotFound } from "../../../or-not-found";
import { NameGate } from "../../../ui/name-gate";
import { RecordsBrowser } from "./_components/records-browser";
import { recordsQuery } from "./_components/records-queries";

export const metadata: Metadata = { title: "Records" };

export default async function RecordsPage({ params, searchParams }: PageProps<"/datasets/[id]/records">) {
  await allow("read", { annotate: params });
  const address = (await params).id;
  const { id } = orNotFound(() => queueOf(address));
  const annotator = await currentAnnotator();
  if (!annotator) return <NameGate />;
  const given = Object.entries(await searchParams).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  const filter = filterOf(new URLSearchParams(given));
  const client = getQueryClient();
  client.setQueryData(recordsQuery(id, filter).queryKey, {
    pages: [listRecords(id, annotator.id, filter, null)],
    pageParams: [null],
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RecordsBrowser queueId={id} now={Date.now()} />
    </HydrationBoundary>
  );
}
