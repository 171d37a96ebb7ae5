import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { runsQuery } from "@/app/_client/queries";
import { listRuns } from "@/lib/runs/list-runs";
import { getQueryClient } from "../_client/get-query-client";
import { CompareView } from "./_components/compare-view";

export const metadata: Metadata = { title: "Compare" };

export default function ComparePage() {
  const client = getQueryClient();
  client.setQueryData(runsQuery.queryKey, listRuns());
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <CompareView />
    </HydrationBoundary>
  );
}
