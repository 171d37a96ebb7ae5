// docs/annotation.md's tables, from what `npm run report` and `npm run loaders` measured.
import { type LoadResult, loadText } from "./load-figures";
import type { LoadersResult } from "./results";
import { targetsTable } from "./targets";

export interface AnnotationResult {
  machine: string;
  cores: number;
  /** Keys pressed for each vote that was stored. */
  keystrokes: number;
  /** Milliseconds from the key to the next pair on the screen. */
  paint: { pairs: number; median: number; p95: number; longest: number };
  /** Bytes, gzipped. */
  javascript: number;
  /** Votes taken back in their order after a reload. */
  undone: number;
  votes: {
    given: number;
    stored: number;
    /** Pairs with no vote, and pairs with more than one, of an annotator. */
    lost: number;
    twice: number;
    kills: number;
    doubleClicks: number;
    /** SQLite's own word. */
    integrity: string;
  };
}

export const annotationText = (screen: AnnotationResult, load: LoadResult | null, loaders: LoadersResult): string =>
  [screenTable(screen), ...(load ? [loadText(load)] : []), loadersTable(loaders)].join("\n\n");

function screenTable({ machine, cores, keystrokes, paint, javascript, undone, votes }: AnnotationResult): string {
  const rows = [
    ["keys for a vote, strength included", "1.00", keystrokes.toFixed(2)],
    [
      `key to the next pair painted, two answers of 800 tokens, 95th percentile of ${paint.pairs}`,
      "≤ 100 ms",
      `${paint.p95.toFixed(0)} ms (median ${paint.median.toFixed(0)}, longest ${paint.longest.toFixed(0)})`,
    ],
    ["JavaScript of the ranking screen, gzipped", "≤ 150 kB", `${(javascript / 1000).toFixed(1)} kB`],
    ["undo across a reload", "100 deep", `${undone} deep`],
    [
      `votes lost or stored twice of ${votes.given.toLocaleString("en")}: ${votes.kills} × kill -9 of the server, five minutes offline, two tabs each of four annotators, ${votes.doubleClicks} double clicks`,
      "0",
      `${votes.lost} lost, ${votes.twice} twice; SQLite says "${votes.integrity}"`,
    ],
  ];
  return targetsTable({ machine, cores }, rows);
}

function loadersTable({ versions, loads }: LoadersResult): string {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const rows = Object.entries(loads).map(([name, { rows, expected, equal, warnings }]) => {
    const warned = warnings.length === 0 ? "0" : `${warnings.length}: ${warnings.map(short).join("; ")}`;
    return `| ${name} | ${rows} of ${expected} | ${equal} | ${warned} |`;
  });
  return [
    `Exports of the 200 sample pairs, judged every way, in the loaders of ${programs.join(", ")}.`,
    "",
    "| loader | rows | with our texts to the letter | warnings |",
    "| --- | ---: | ---: | --- |",
    ...rows,
  ].join("\n");
}

const short = (warning: string) => warning.split("\n")[0]!.slice(0, 160).replaceAll("|", "\\|");
