import { rowChecks } from "@/lib/data-checks/checks-schema";

const known = (check: string) => Object.entries(rowChecks).find(([name]) => name === check)?.[1];

export const checkTitle = (check: string): string => known(check)?.title ?? check;
export const checkMeans = (check: string): string => known(check)?.means ?? "";
