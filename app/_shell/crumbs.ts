// The way to a page, read from its address.
interface Crumb {
  label: string;
  href: string;
}

const words: Record<string, string> = { new: "New run", add: "Add data" };

/** What stands under a number until its name is known. */
const kinds: Record<string, string> = { datasets: "Dataset", runs: "Run", models: "Model" };

/** `name`: of the dataset or run that the address is about, once it is known. */
export function crumbsOf(path: string, name: string | undefined): Crumb[] {
  const parts = path.split("/").filter((part) => part !== "");
  if (parts.length === 0) return [{ label: "Home", href: "/" }];
  return parts.map((_, i) => ({ label: labelOf(parts, i, name), href: `/${parts.slice(0, i + 1).join("/")}` }));
}

function labelOf(parts: string[], i: number, name: string | undefined): string {
  const part = decodeURIComponent(parts[i]!);
  const [section] = parts;
  if (i !== 1 || !section || !Object.hasOwn(kinds, section) || Object.hasOwn(words, part))
    return words[part] ?? `${part.charAt(0).toUpperCase()}${part.slice(1)}`;
  return name ?? kinds[section]!;
}
