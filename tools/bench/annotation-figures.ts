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
  face?: FaceResult;
}

/** What e2e/face.report.ts measures. */
export interface FaceResult {
  /** The most that a page moved while a run trained, and which it was. */
  shift: { most: number; route: string; pages: number };
  /** Shares of an 844 px screen that the answers keep. */
  phone: { pair: number; ranking: number };
  tabStops: number;
  clicks: number;
}

export const annotationText = (screen: AnnotationResult, load: LoadResult | null): string =>
  [screenTable(screen), ...(load ? [loadText(load)] : [])].join("\n\n");

function screenTable({ machine, cores, keystrokes, paint, javascript, undone, votes, face }: AnnotationResult): string {
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
    ...(face ? faceRows(face) : []),
  ];
  return targetsTable({ machine, cores }, rows);
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

const faceRows = ({ shift, phone, tabStops, clicks }: FaceResult): string[][] => [
  [
    `layout shift of any of ${shift.pages} pages while a run trains`,
    "≤ 0.05",
    shift.most === 0 ? "0" : `${shift.most.toFixed(3)} (\`${shift.route}\`)`,
  ],
  [
    "phone of 844 px: share of the screen that the answers of a pair and of a ranking keep",
    "≥ 65 %",
    `${percent(phone.pair)}, ${percent(phone.ranking)}`,
  ],
  ["tab stops from the form's beginning to *Start run*", "≤ 12", String(tabStops)],
  ["clicks from a finished dataset to a run on it", "2", String(clicks)],
];
