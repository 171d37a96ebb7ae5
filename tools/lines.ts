// `npm run lines [METHOD …]`: how much there is to read of a method. Counted are all lines of
// - its own files: spec/methods/NAME.ts and trainers/methods/NAME/method.ts, with the files of that folder which method.ts reaches by
//   imports (PPO's replay of TRL's record is not among them: nothing in PPO knows of it);
// - the shared files: those of trainers/methods/shared/ that its own files reach by imports.
// Not counted is what every method stands on alike: the contract (trainers/methods/method.ts, spec/methods/method.ts), fields that several
// methods share (spec/fields/), rows, batches, models and rewards.
import { readFileSync } from "node:fs";
import { allMethods } from "../spec/methods/all";
import { type Import, importGraph, isTest } from "./import-graph";

interface Lines {
  own: string[];
  shared: string[];
}

/** Files that `start` reaches by imports without leaving the folders `inside`. */
function reached(graph: Import[], start: string, inside: string[]): string[] {
  const found = new Set([start]);
  for (const file of found)
    for (const { from, to } of graph)
      if (from === file && inside.some((folder) => to.startsWith(folder))) found.add(to);
  return [...found];
}

export function linesOf(method: string, graph: Import[]): Lines {
  const [folder, sharedFolder] = [`trainers/methods/${method}/`, "trainers/methods/shared/"];
  const files = reached(graph, `${folder}method.ts`, [folder, sharedFolder]).filter((file) => !isTest(file));
  return {
    own: [`spec/methods/${method}.ts`, ...files.filter((file) => file.startsWith(folder))],
    shared: files.filter((file) => file.startsWith(sharedFolder)),
  };
}

export const count = (files: string[]): number =>
  files.reduce((sum, file) => sum + readFileSync(file, "utf8").trimEnd().split("\n").length, 0);

if (process.argv[1] === import.meta.filename) {
  const graph = importGraph();
  const [, , ...wanted] = process.argv;
  process.stdout.write("method           own files  lines   with shared files  lines\n");
  for (const method of wanted.length > 0 ? wanted : allMethods.map(({ name }) => name)) {
    const { own, shared } = linesOf(method, graph);
    const all = [...own, ...shared];
    const cells = [own.length, count(own), all.length, count(all)].map((value, i) =>
      String(value).padStart([9, 7, 20, 7][i]!),
    );
    process.stdout.write(`${method.padEnd(15)} ${cells.join("")}\n`);
    if (wanted.length > 0)
      for (const file of all) process.stdout.write(`  ${String(count([file])).padStart(4)}  ${file}\n`);
  }
}
