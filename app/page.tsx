import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { currentAnnotator } from "@/lib/annotators/queries";
import { queuesQuery, runsQuery } from "@/lib/queries";
import { listQueues } from "@/lib/queues/queries";
import { listRuns } from "@/lib/runs/queries";
import { getQueryClient } from "./get-query-client";
import { Home } from "./home";
import { Providers } from "./providers";

export default async function HomePage() {
  const client = getQueryClient();
  const annotator = await currentAnnotator();
  client.setQueryData(queuesQuery.queryKey, listQueues(annotator?.id ?? 0));
  client.setQueryData(runsQuery.queryKey, listRuns());
  return (
    <Providers>
      <HydrationBoundary state={dehydrate(client)}>
        <Home />
      </HydrationBoundary>
    </Providers>
  );
}
