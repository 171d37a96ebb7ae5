// docs/torture.md's table, from what `npm run torture` found.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Result, Run } from "./experiment";

export const resultsFolder = join("tools", "torture", "results");

/** How many failures a row quotes. */
const quoted = 3;

export function tortureText(): string {
  const results = readdirSync(resultsFolder)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(resultsFolder, name), "utf8")) as Result);
  const runs = results.flatMap((result) => result.runs);
  const machines = [...new Set(runs.map(({ machine, cores }) => `${cores} cores of ${machine}`))];
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

function cellsOf({ name, fault, demand, asked, unit, runs }: Result): string[] {
  const failures = runs.flatMap((run) => run.failures);
  const sums = combined(runs, "seen", (sum, n) => sum + n);
  const found = [...sums, ...combined(runs, "most", Math.max)].map(([what, n]) => `${count(n)} ${what}`);
  const verdict =
    failures.length === 0
      ? "**0 failures**"
      : `**${count(failures.length)} failures**: ${failures.slice(0, quoted).map(asCode).join("; ")}`;
  const dates = [...new Set(runs.map(({ date }) => date))].sort().join(", ");
  const seeds = runs.map(({ seed }) => seed).sort((a, b) => a - b);
  const when = `${dates}, ${seeds.length === 1 ? "seed" : "seeds"} ${seeds.join(", ")}`;
  const text = [verdict, found.join(", "), when].join("; ").replaceAll("|", "\\|").replaceAll("\n", " ");
  const ran = runs.reduce((sum, run) => sum + run.ran, 0);
  return [`\`${name}\``, fault, demand, `${count(asked)} ${unit}`, count(ran), text];
}

/** Of each thing that the runs counted or measured, one number. */
function combined(runs: Run[], part: "seen" | "most", by: (a: number, b: number) => number): [string, number][] {
  const all = new Map<string, number>();
  for (const [what, n] of runs.flatMap((run) => Object.entries(run[part])))
    all.set(what, all.has(what) ? by(all.get(what)!, n) : n);
  return [...all];
}
