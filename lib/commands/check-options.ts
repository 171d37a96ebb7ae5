// What the checks of both kinds of datasets have in common on the command line.
import { Option } from "commander";
import { print, say } from "../../common/command-line";
import type { RowsToCheck } from "../data-checks/check-dataset";

export interface CheckOptions {
  against: string[];
  webRules?: boolean;
}

export const webRulesOption = () =>
  new Option("--web-rules", "hold answers of 50 words and more to the rules of web pages (Gopher, C4, FineWeb) too");

/** Checks and prints the report, which the dataset's page shows from then on. */
export async function check(rows: RowsToCheck, { against, webRules = false }: CheckOptions): Promise<void> {
  const [{ checkDataset }, { reportOfChecks }, { againstFile }] = await Promise.all([
    import("../data-checks/check-dataset"),
    import("../data-checks/kept-findings"),
    import("../datasets/against"),
  ]);
  const files: string[] = [];
  for (const one of against) files.push(await againstFile(one));
  await checkDataset(rows, { files, names: against, webRules }, Date.now(), { says: say });
  print(reportOfChecks(rows)!);
}
