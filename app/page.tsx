import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { newestRunsQuery, queuesQuery, runsAtOnce } from "@/app/_client/queries";
import { listQueues } from "@/lib/annotation/queues/list-queues";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { listRuns } from "@/lib/runs/list-runs";
import { getQueryClient } from "./_client/get-query-client";
import { Providers } from "./_client/providers";
import { Home } from "./_components/home";

export default async function HomePage() {
  const client = getQueryClient();
  const annotator = await currentAnnotator();
  client.setQueryData(queuesQuery.queryKey, listQueues(annotator?.id ?? 0));
  client.setQueryData(newestRunsQuery(runsAtOnce).queryKey, listRuns(runsAtOnce));
  return (
    <Providers>
      <HydrationBoundary state={dehydrate(client)}>
        <Home />
      </HydrationBoundary>
    </Providers>
  );
}
