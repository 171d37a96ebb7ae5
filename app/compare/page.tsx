import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { runsQuery } from "@/lib/queries";
import { listRuns } from "@/lib/runs/queries";
import { getQueryClient } from "../get-query-client";
import { CompareView } from "./compare-view";

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
