import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { runTableQuery } from "@/app/_client/queries";
import type { RunRow } from "@/lib/runs/run-schema";
import { useRunTable } from "./use-run-table";

const rows = (name: string) => [{ id: name, name }] as RunRow[];
function Names({ now }: { now: number }) {
  const { runs, at } = useRunTable(JSON.stringify(rows("the page's")), now);
  return `${runs.map(({ name }) => name)} at ${at}`;
}
const shown = (client: QueryClient, now: number) =>
  renderToString(createElement(QueryClientProvider, { client }, createElement(Names, { now })));

test("the runs' page shows the table that it was made with, not an older one from an earlier visit", () => {
  expect(shown(new QueryClient(), 5)).toBe("the page&#x27;s at 5");
  const client = new QueryClient();
  client.setQueryData(runTableQuery.queryKey, rows("cached"), { updatedAt: 3 });
  expect(shown(client, 5)).toBe("the page&#x27;s at 5");
  expect(shown(client, 2)).toBe("cached at 3"); // a page from the browser's history is older than the cache
});
