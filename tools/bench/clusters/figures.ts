// docs/clusters.md: what became of runs on real clusters.
import type { ClusterResult } from "./clusters";

export function clustersText(results: Record<string, ClusterResult>): string {
  const rows = Object.entries(results).flatMap(([cluster, { runs }]) =>
    Object.entries(runs).map(
      ([what, { same, said }]) => `| ${cluster} | ${what} | ${same ? "equal" : "differ"} | ${said.split("\n")[0]} |`,
    ),
  );
  const versions = Object.values(results).map(({ version }) => version);
  return [
    `${versions.join("; ")}; ${Object.values(results)[0]!.steps} steps.`,
    "",
    "| by | the run is | losses | what its page said |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
