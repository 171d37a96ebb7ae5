import { Command } from "commander";
import { once, print, say } from "../../common/command-line";
import type { RowFinding } from "../data-checks/check-rows";
import { againstOption } from "./against-option";

/** Findings that are listed; all are counted. */
const listed = 1000;

export const checkFile = new Command("check-file")
  .description("find what may be wrong with rows: duplicates, contamination, private data, pages of poor text")
  .argument("<files...>", "files and folders of rows, in any layout that can be imported")
  .addOption(againstOption())
  .option("--clean <file>", "where to write the rows that nothing is wrong with, their private data masked", once)
  .action(async (paths: string[], { against, clean }: { against: string[]; clean?: string }) => {
    const [{ checkedRows }, { cleanFile }, { testedPieces }, { dataFiles }, { rowsOfFiles }, { againstFile }] =
      await Promise.all([
        import("../data-checks/check-rows"),
        import("../data-checks/clean-file"),
        import("../data-checks/tested-pieces"),
        import("../../common/records/files"),
        import("../../common/rows/rows-of-files"),
        import("../datasets/against"),
      ]);
    const files = dataFiles(paths); // before anything is written among them
    const tested = await testedPieces(await Promise.all(against.map(againstFile)));
    const [languages, counts] = [new Map<string, number>(), new Map<string, number>()];
    const findings: RowFinding[] = [];
    let rows = 0;
    const output = clean === undefined ? null : await cleanFile(clean);
    try {
      for await (const checked of checkedRows(rowsOfFiles(files, null), tested)) {
        if (++rows % 10_000 === 0) say(`${rows.toLocaleString("en")} rows checked`);
        if (checked.row) add(languages, checked.language ?? "unknown");
        for (const check of new Set(checked.findings.map((finding) => finding.check))) add(counts, check);
        findings.push(...checked.findings.slice(0, listed - findings.length));
        await output?.add(checked);
      }
      const kept = output && { kept: await output.finish() };
      print({ rows, ...kept, languages: sorted(languages), checks: sorted(counts), findings });
    } catch (error) {
      await output?.discard();
      throw error;
    }
  });

const add = (to: Map<string, number>, name: string) => to.set(name, (to.get(name) ?? 0) + 1);
const sorted = (counts: Map<string, number>) => Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
