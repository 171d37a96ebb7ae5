import { dehydrate, HydrationBoundary, type QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { comparedQuery, runsQuery } from "@/app/_client/queries";
import { allow } from "@/lib/access/allow";
import { comparedRuns } from "@/lib/runs/compare/compared-runs";
import { listRuns } from "@/lib/runs/list-runs";
import { AppError } from "@/spec/errors";
import { getQueryClient } from "../_client/get-query-client";
import { CompareView } from "./_components/compare-view";
import { comparedIds, viewOf } from "./_components/view";

export const metadata: Metadata = { title: "Compare" };

export default async function ComparePage({ searchParams }: PageProps<"/compare">) {
  await allow("read");
  const search = new URLSearchParams(
    Object.entries(await searchParams).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] as [string, string]] : [],
    ),
  );
  const client = getQueryClient();
  const all = listRuns();
  client.setQueryData(runsQuery.queryKey, all);
  setCompared(client, comparedIds(viewOf(search), all));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <CompareView />
    </HydrationBoundary>
  );
}

/** So that the page is whole when it is painted. Of an address that names a run that is gone, the browser asks, and shows the refusal. */
function setCompared(client: QueryClient, ids: string[]): void {
  try {
    client.setQueryData(comparedQuery(ids).queryKey, comparedRuns(ids));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}
