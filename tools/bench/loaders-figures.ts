// docs/export.md's table of what other programs' loaders make of an export, from what `npm run loaders` measured.
import type { LoadersResult } from "./results";

export function loadersText({ versions, loads }: LoadersResult): string {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const rows = Object.entries(loads).map(([name, { rows, expected, equal, warnings }]) => {
    const warned = warnings.length === 0 ? "0" : `${warnings.length}: ${warnings.map(short).join("; ")}`;
    return `| ${name} | ${rows} of ${expected} | ${equal} | ${warned} |`;
  });
  return [
    `Exports of the 200 sample pairs, annotated in every way, read by the loaders of ${programs.join(", ")}.`,
    "",
    "| loader | rows | texts identical | warnings |",
    "| --- | ---: | ---: | --- |",
    ...rows,
  ].join("\n");
}

const short = (warning: string) => warning.split("\n")[0]!.slice(0, 160).replaceAll("|", "\\|");
