// docs/engines.md: runs by TRL beside the same runs, step by step.

/** Two runs that have to be the same. */
export interface Compared {
  what: string;
  /** How far apart they may be. */
  within: number;
  /** How many points there were of each metric, and the farthest apart of them. */
  curves: { name: string; points: number; apart: number }[];
}

export interface TrlResult {
  machine: string;
  versions: Record<string, string>;
  compared: Compared[];
}

export function trlText({ machine, versions, compared }: TrlResult): string {
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [`${peers.join(", ")}, on ${machine}.`, "", ...comparedRows(compared)].join("\n");
}

/** A table of them. */
export const comparedRows = (compared: Compared[]): string[] => [
  "| | metric | points | farthest apart | may be |",
  "| --- | --- | --- | --- | --- |",
  ...compared.flatMap(({ what, within, curves }) =>
    curves.map(
      ({ name, points, apart }) => `| ${what} | \`${name}\` | ${points} | ${apart.toExponential(1)} | ${within} |`,
    ),
  ),
];
