import { rowChecks } from "@/lib/data-checks/checks-schema";

const known = (check: string) => Object.entries(rowChecks).find(([name]) => name === check)?.[1];

export const checkTitle = (check: string): string => known(check)?.title ?? check;
/** `noun` is what the dataset calls a row. */
export const checkMeans = (check: string, noun: string): string =>
  (known(check)?.means ?? "").replaceAll("{row}", noun);
