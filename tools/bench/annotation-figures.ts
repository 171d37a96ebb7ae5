// docs/annotation.md's tables, from what `npm run report` and `npm run load` measured.
import { type LoadResult, loadText } from "./load-figures";
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

export const annotationText = (screen: AnnotationResult, load: LoadResult | null): string =>
  [screenTable(screen), ...(load ? [loadText(load)] : [])].join("\n\n");

function screenTable({ machine, cores, keystrokes, paint, javascript, undone, votes }: AnnotationResult): string {
  const rows = [
    ["keys per annotation, strength included", "1.00", keystrokes.toFixed(2)],
    [
      `from the key to the next pair on screen, two answers of 800 tokens, 95th percentile of ${paint.pairs}`,
      "≤ 50 ms",
      `${paint.p95.toFixed(0)} ms (median ${paint.median.toFixed(0)}, longest ${paint.longest.toFixed(0)})`,
    ],
    ["JavaScript of the annotation screen, gzipped", "≤ 150 kB", `${(javascript / 1000).toFixed(1)} kB`],
    ["undo across a reload", "100 deep", `${undone} deep`],
    [
      `votes lost or stored twice of ${votes.given.toLocaleString("en")}: ${votes.kills} × kill -9 of the server, five minutes offline, two tabs each of four annotators, ${votes.doubleClicks} double clicks`,
      "0",
      `${votes.lost} lost, ${votes.twice} twice; SQLite says "${votes.integrity}"`,
    ],
  ];
  return targetsTable({ machine, cores }, rows);
}
