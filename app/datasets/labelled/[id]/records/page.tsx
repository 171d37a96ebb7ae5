import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { isReady } from "@/lib/datasets/labelled/index-work";
import { rowsAsked } from "@/lib/datasets/labelled/labelled-schema";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { listRows } from "@/lib/datasets/labelled/list-rows";
import { getQueryClient } from "../../../../_client/get-query-client";
import { orNotFound } from "../../../../or-not-found";
import { Indexing } from "../_components/indexing";
import { rowsQuery } from "../_components/row-queries";
import { RowsBrowser } from "./_components/rows-browser";

export const metadata: Metadata = { title: "Records" };

const one = (value: string | string[] | undefined) => [value].flat()[0];

export default async function LabelledRecordsPage({
  params,
  searchParams,
}: PageProps<"/datasets/labelled/[id]/records">) {
  await allow("read", { labelled: params });
  const address = (await params).id;
  const set = orNotFound(() => liveLabelledOf(address));
  if (!(await isReady(set))) return <Indexing id={set.id} />;
  const given = await searchParams;
  const { q, only } = rowsAsked.parse({ q: one(given.q)?.slice(0, 200), only: one(given.only)?.slice(0, 40) });
  const client = getQueryClient();
  const pages = [await listRows(set, { q, only, after: 0 })];
  client.setQueryData(rowsQuery(set.id, q, only).queryKey, { pages, pageParams: [0] });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RowsBrowser id={set.id} />
    </HydrationBoundary>
  );
}
