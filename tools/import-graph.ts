// Who imports whom among our own files, types included. `npm run graph` prints it; test/imports.test.ts holds the floor plan to it.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { groupBy } from "../common/group-by";

export interface Import {
  from: string;
  to: string;
  /** Only types: gone when the program runs. */
  typeOnly: boolean;
}

/** What each floor may import, besides itself. scripts/ is plain Node that stands under everything. */
export const floors: Record<string, string[]> = {
  spec: [],
  common: ["spec", "scripts"],
  trainers: ["spec", "common", "scripts"],
  lib: ["spec", "common", "scripts"],
  app: ["spec", "common", "lib"],
  client: ["spec", "common", "lib", "trainers"],
  tools: ["spec", "common", "lib", "trainers", "client", "scripts", "test"],
  test: ["spec", "common", "lib", "trainers", "app", "tools", "scripts"],
  e2e: ["spec", "common", "lib", "tools", "test", "scripts"],
  scripts: [],
};

const root = join(import.meta.dirname, "..");
const floorOf = (file: string) => file.split("/")[0]!;
export const isTest = (file: string) => /\.(test|spec)\.tsx?$/.test(file);
const isFile = (path: string) => existsSync(join(root, path)) && statSync(join(root, path)).isFile();

// `import … from "x"`, `export … from "x"`, `import "x"`; and `import("x")`, which is also how a type may be named.
const statement = /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:([^;"']*?)\sfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/g;
const typesOnly = (clause: string) => /^\{\s*(type\s[^,}]+,?\s*)+\}$/.test(clause.trim());

/** The imports in a file's text, by their module names. */
export function importsIn(text: string): { name: string; typeOnly: boolean }[] {
  return [...text.matchAll(statement)].map(([, type, clause, name, dynamic]) => ({
    name: (name ?? dynamic)!,
    typeOnly: Boolean(type) || typesOnly(clause ?? ""),
  }));
}

/** The file of ours that a module name means, if it means one. */
export function fileOf(from: string, name: string): string | undefined {
  if (!/^(@\/|\.)/.test(name)) return undefined;
  const path = name.startsWith("@/") ? name.slice(2) : normalize(join(dirname(from), name));
  return [path, `${path}.ts`, `${path}.tsx`, `${path}.mjs`].find(isFile);
}

/** Every import of a file of ours by a file of ours. */
export function importGraph(): Import[] {
  const files = Object.keys(floors).flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(tsx?|mjs|cjs)$/.test(path))
      .map((path) => `${folder}/${path}`)
      .sort(),
  );
  return files.flatMap((from) =>
    importsIn(readFileSync(join(root, from), "utf8")).flatMap(({ name, typeOnly }) => {
      const to = fileOf(from, name);
      return to && floorOf(to) in floors ? [{ from, to, typeOnly }] : [];
    }),
  );
}

/** Imports that the floor plan forbids. A test may use common/ (seeded random numbers) and the helpers of test/ as well. */
export const forbidden = (graph: Import[]): Import[] =>
  graph.filter(({ from, to }) => {
    const [above, below] = [floorOf(from), floorOf(to)];
    const allowed = isTest(from) ? [...floors[above]!, "common", "test"] : floors[above]!;
    return above !== below && !allowed.includes(below);
  });

/** Things in one folder, files or folders, that import one another in a circle, with the imports that close it. */
export interface Cycle {
  folder: string;
  members: string[];
  imports: Import[];
}

/** In every folder, the circles among what lies directly in it: each import counts where the paths of its two files part. */
export function cycles(graph: Import[]): Cycle[] {
  const levels = new Map<string, { a: string; b: string; edge: Import }[]>();
  for (const edge of graph) {
    const [from, to] = [edge.from.split("/"), edge.to.split("/")];
    const depth = from.findIndex((part, i) => part !== to[i]);
    if (depth < 0) continue; // a file that imports itself
    const folder = from.slice(0, depth).join("/");
    const level = levels.get(folder) ?? [];
    levels.set(folder, level);
    level.push({ a: from[depth]!, b: to[depth]!, edge });
  }
  return [...levels].flatMap(([folder, level]) => {
    const next = new Map<string, Set<string>>();
    for (const { a, b } of level) next.set(a, (next.get(a) ?? new Set()).add(b));
    return circles(next).map((members) => ({
      folder,
      members,
      imports: level.filter(({ a, b }) => members.includes(a) && members.includes(b)).map(({ edge }) => edge),
    }));
  });
}

/** Groups of two or more nodes each of which reaches all the others. */
function circles(next: Map<string, Set<string>>): string[][] {
  const reach = new Map<string, Set<string>>();
  for (const start of next.keys()) {
    const seen = new Set<string>();
    const queue = [start];
    for (const node of queue)
      for (const neighbour of next.get(node) ?? [])
        if (!seen.has(neighbour)) {
          seen.add(neighbour);
          queue.push(neighbour);
        }
    reach.set(start, seen);
  }
  const together = (a: string, b: string) => reach.get(a)?.has(b) && reach.get(b)?.has(a);
  const nodes = [...next.keys()].sort();
  return nodes
    .filter((node) => together(node, node) && node === nodes.find((other) => together(node, other)))
    .map((node) => nodes.filter((other) => together(node, other)))
    .filter((members) => members.length > 1);
}

const line = ({ from, to, typeOnly }: Import) => `  ${from} → ${to}${typeOnly ? " (types)" : ""}`;

/** Of a circle the few imports between two of its members: where it is cut most easily. */
function weakest({ folder, imports }: Cycle): string[] {
  const member = (file: string) => file.slice(folder === "" ? 0 : folder.length + 1).split("/")[0]!;
  const pairs = groupBy(imports, ({ from, to }) => `${member(from)} ${member(to)}`);
  return [...pairs.values()].filter((pair) => pair.length <= 4).flatMap((pair) => pair.map(line));
}

/** What `npm run graph` prints: the figures, then the imports behind each that is not 0. */
export function report(graph: Import[]): string {
  const product = graph.filter(({ from }) => !isTest(from));
  const between = (above: string, below: string) =>
    graph.filter(({ from, to }) => floorOf(from) === above && floorOf(to) === below);
  const found = cycles(product);
  const ofFolders = found.filter(({ members }) => members.filter((member) => !/\.\w+$/.test(member)).length > 0);
  const figures: [string, number][] = [
    ["imports lib → trainers", between("lib", "trainers").length],
    ["imports trainers → lib", between("trainers", "lib").length],
    ["imports against the floor plan", forbidden(graph).length],
    ["cycles between folders", ofFolders.length],
    ["cycles between files of a folder", found.length - ofFolders.length],
  ];
  const blocks = found.map((cycle) =>
    [`In ${cycle.folder || "the top level"}: ${cycle.members.join(" ↔ ")}`, ...weakest(cycle)].join("\n"),
  );
  const against = forbidden(graph);
  return [
    figures.map(([name, count]) => `${String(count).padStart(5)}  ${name}`).join("\n"),
    ...(against.length > 0 ? [["Against the floor plan", ...against.map(line)].join("\n")] : []),
    ...blocks,
  ].join("\n\n");
}

if (process.argv[1] === import.meta.filename) process.stdout.write(`${report(importGraph())}\n`);
