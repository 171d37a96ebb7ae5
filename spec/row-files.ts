// Which files hold rows, and what a dataset of them is called where nobody names it.

/** Endings of files that hold rows; each may be packed. */
const endings = /\.(jsonl|ndjson|json|csv|tsv|parquet|arrow|feather)(\.gz|\.zst)?$/i;

/** Files that lie beside rows and hold none. */
const notRows = ["dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json", "package.json"];

const lastOf = (path: string): string => path.split("/").findLast((part) => part !== "") ?? path;

export const holdsRows = (path: string): boolean => endings.test(path) && !notRows.includes(lastOf(path));

/** The last part of a path, without its ending. */
export const usualName = (path: string): string =>
  lastOf(path)
    .replace(/\.(gz|zst)$/i, "")
    .replace(/\.\w+$/, "");
