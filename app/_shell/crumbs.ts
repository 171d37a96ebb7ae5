// The way to a page, read from its address.
interface Crumb {
  label: string;
  href: string;
}

const words: Record<string, string> = { new: "New run", add: "Add data", pipeline: "Pipeline" };

/** What stands under a number until its name is known. */
const kinds: Record<string, string> = { datasets: "Dataset", runs: "Run", models: "Model" };

/** `name`: of the dataset or run that the address is about, once it is known. */
export function crumbsOf(path: string, name: string | undefined): Crumb[] {
  const parts = path.split("/").filter((part) => part !== "");
  if (parts.length === 0) return [{ label: "Home", href: "/" }];
  const crumbs = parts.map((_, i) => ({ label: labelOf(parts, i, name), href: `/${parts.slice(0, i + 1).join("/")}` }));
  return isLabelled(parts) ? crumbs.filter((_, i) => i !== 1) : crumbs; // there is no list of those alone
}

/** The part of the address and the id that stand for a name there; null where none do. */
export function namedIn(path: string): [section: string, id: string] | null {
  const [, section, labelled, id] =
    /^\/(datasets|runs)\/(labelled\/)?(?!(?:new|add|pipeline)(?:\/|$))([^/]+)/.exec(path) ?? [];
  return section && id ? [labelled ? "labelled" : section, id] : null;
}

const isLabelled = ([section, kind]: string[]) => section === "datasets" && kind === "labelled";

function labelOf(parts: string[], i: number, name: string | undefined): string {
  const part = decodeURIComponent(parts[i]!);
  const [section] = parts;
  if (isLabelled(parts) && i === 2) return name ?? kinds.datasets!;
  if (i !== 1 || !section || !Object.hasOwn(kinds, section) || Object.hasOwn(words, part))
    return words[part] ?? `${part.charAt(0).toUpperCase()}${part.slice(1)}`;
  return name ?? kinds[section]!;
}
