import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { runsQuery } from "@/lib/queries";
import { listRuns } from "@/lib/runs/queries";
import { getQueryClient } from "../get-query-client";
import { RunList } from "./run-list";

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
