// One client per request on the server, one for good in the browser.
import { defaultShouldDehydrateQuery, environmentManager, QueryClient } from "@tanstack/react-query";

const make = () =>
  new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5_000 },
      dehydrate: { shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) },
    },
  });

let browserClient: QueryClient | undefined;

export function getQueryClient(): QueryClient {
  if (environmentManager.isServer()) return make();
  browserClient ??= make();
  return browserClient;
}
