// docs/torture.md's table, from what `npm run torture` found.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "./experiment";

export const resultsFolder = join("tools", "torture", "results");

/** How many failures a row quotes. */
const quoted = 3;

export function tortureText(): string {
  const results = readdirSync(resultsFolder)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(resultsFolder, name), "utf8")) as Result);
  const machines = [...new Set(results.map(({ machine, cores }) => `${cores} cores of ${machine}`))];
  return [
    `Run on ${machines.join(" and ")}.`,
    "",
    "| name | fault | required | asked | run | found |",
    "| --- | --- | --- | ---: | ---: | --- |",
    ...results.map((result) => `| ${cellsOf(result).join(" | ")} |`),
  ].join("\n");
}

const asCode = (words: string) => `\`${words.replaceAll("`", "'")}\``;
const count = (n: number) => n.toLocaleString("en");

function cellsOf({ name, fault, demand, asked, ran, unit, seen, failures, date, seed }: Result): string[] {
  const found = Object.entries(seen).map(([what, n]) => `${count(n)} ${what}`);
  const verdict =
    failures.length === 0
      ? "**0 failures**"
      : `**${count(failures.length)} failures**: ${failures.slice(0, quoted).map(asCode).join("; ")}`;
  const when = `${date}, seed ${seed}`;
  const text = [verdict, found.join(", "), when].join("; ").replaceAll("|", "\\|").replaceAll("\n", " ");
  return [`\`${name}\``, fault, demand, `${count(asked)} ${unit}`, count(ran), text];
}
