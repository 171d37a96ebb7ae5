import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { connection } from "next/server";
import { isReady } from "@/lib/datasets/labelled/index-work";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { listRows } from "@/lib/datasets/labelled/list-rows";
import { getQueryClient } from "../../../../_client/get-query-client";
import { orNotFound } from "../../../../or-not-found";
import { Indexing } from "../_components/indexing";
import { rowsQuery } from "../_components/row-queries";
import { RowsBrowser } from "./_components/rows-browser";

export const metadata: Metadata = { title: "Records" };

export default async function LabelledRecordsPage({
  params,
  searchParams,
}: PageProps<"/datasets/labelled/[id]/records">) {
  await connection();
  const address = (await params).id;
  const set = orNotFound(() => liveLabelledOf(address));
  if (!(await isReady(set))) return <Indexing id={set.id} />;
  const { q = "" } = await searchParams;
  const asked = [q].flat()[0]!.slice(0, 200);
  const client = getQueryClient();
  client.setQueryData(rowsQuery(set.id, asked).queryKey, { pages: [listRows(set, asked, 0)], pageParams: [0] });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RowsBrowser id={set.id} />
    </HydrationBoundary>
  );
}
