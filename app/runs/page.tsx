import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { runsQuery } from "@/app/_client/queries";
import { listRuns } from "@/lib/runs/run-queries";
import { getQueryClient } from "../_client/get-query-client";
import { RunList } from "./_components/run-list";

export const metadata: Metadata = { title: "Runs" };

export default function RunsPage() {
  const client = getQueryClient();
  client.setQueryData(runsQuery.queryKey, listRuns());
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RunList />
    </HydrationBoundary>
  );
}
