// docs/performance.md: memory and time of attention as rows grow.

interface Measurements {
  tokens: number;
  /** Bytes and seconds, by the way in which attention is computed. */
  ways: Record<string, { peak: number; seconds: number }>;
}

/** results/long-rows.json */
export interface LongRowsResult {
  machine: string;
  cores: number;
  /** One layer's attention: what it takes over its inputs. */
  layer: Measurements[];
}

const named: Record<string, string> = { kept: "kept", again: "computed again", blocked: "in blocks" };

export function longRowsText({ machine, cores, layer }: LongRowsResult): string {
  return [
    "### Attention as rows grow",
    "",
    `Once on ${machine}, ${cores} cores that did nothing else (\`npm run bench -- long-rows\`); every cell a process of its own. One layer of SmolLM2-135M's shape, 9 query heads over 3, forward and backward:`,
    "its peak over its inputs in MB, and seconds, with probabilities kept, computed again as a whole, and in blocks.",
    "",
    table(layer),
  ].join("\n");
}

function table(rows: Measurements[]): string {
  const ways = Object.keys(rows[0]!.ways);
  const head = ["tokens", ...ways.flatMap((way) => [`${named[way]}, MB`, "seconds"])];
  const lines = rows.map(({ tokens, ways: by }) => [
    tokens.toLocaleString("en"),
    ...ways.flatMap((way) => [(by[way]!.peak / 1e6).toFixed(0), by[way]!.seconds.toPrecision(2)]),
  ]);
  return [head, head.map(() => "---:"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
