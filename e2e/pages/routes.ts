import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The address of every page that app/ has, with [id] where a page is one of many. */
export const routes = readdirSync("app", { recursive: true, encoding: "utf8" })
  .filter((file) => basename(file) === "page.tsx")
  .map((file) => join("/", dirname(file)).replace(/\/\(\w+\)/g, "")) // groups of routes stand in no address
  .sort();

/** Where there is an example of a route: the sample dataset, one that came with its labels (by its address), a link that was used, a model, and a run. */
export function exampleOf(route: string, { run, labelled }: { run: string; labelled: string }): string {
  const examples = {
    "/annotate/[id]": "/annotate/1",
    "/datasets/labelled/[id]": labelled,
    "/datasets/[id]": "/datasets/1",
    "/join/[token]": "/join/used",
    "/models/[id]": "/models/tiny",
    "/runs/[id]": `/runs/${run}`,
  };
  const found = Object.entries(examples).find(([start]) => route === start || route.startsWith(`${start}/`));
  const path = found ? route.replace(...found) : route;
  if (path.includes("[")) throw new Error(`${route} needs an example of its id in e2e/pages/routes.ts`);
  return path;
}
