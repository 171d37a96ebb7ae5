// docs/engines.md: what OpenRLHF makes of exported runs, and how it trains them.
import { type Compared, comparedRows } from "./trl-figures";

export interface OpenRlhfResult {
  machine: string;
  versions: Record<string, string>;
  read: { what: string; settings: number; rows: number; tokens: string }[];
  compared: Compared[];
}

export function openRlhfText({ machine, versions, read, compared }: OpenRlhfResult): string {
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${peers.join(", ")}, on ${machine}.`,
    "",
    "| run | settings that its parser has as meant | rows that its datasets read | tokens and masks that are the run's |",
    "| --- | --- | --- | --- |",
    ...read.map(({ what, settings, rows, tokens }) => `| ${what} | ${settings} | ${rows} | ${tokens} |`),
    "",
    ...comparedRows(compared),
  ].join("\n");
}
