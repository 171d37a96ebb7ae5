// What quantisation does to a run's model, measured when somebody asks for it and kept beside the run.
import "server-only";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../spec/errors";
import { type QuantisedReport, quantisedReport } from "../../spec/reports";
import { asJob } from "../jobs/background";
import { reportOf } from "../jobs/workbench";

import { folderOf } from "./folder";
import { folderAt, requirePolicy } from "./model-files";
import { packedOf } from "./packed-of";
import { requireRun } from "./require-run";

const reportFile = (folder: string) => join(folder, "quantised.json");

/** Null before anybody asked for it. */
export function quantisedOf(id: string): QuantisedReport | null {
  const path = reportFile(folderOf(requireRun(id)));
  return existsSync(path) ? quantisedReport.parse(JSON.parse(readFileSync(path, "utf8"))) : null;
}

/** Of the run's last step: a job of some minutes. */
export async function measureQuantised(id: string): Promise<QuantisedReport> {
  const run = requireRun(id);
  requirePolicy(run);
  if (run.origin !== null) throw new AppError(400, "This run was made by another program; its model is not here.");
  const adapter = folderAt(run, "last");
  const about = { kind: "measurement", title: `${run.name} after quantisation`, href: `/runs/${id}/files` } as const;
  const scratch = mkdtempSync(join(tmpdir(), "workbench-quantised-"));
  try {
    const file = join(scratch, "run.json");
    writeFileSync(file, JSON.stringify(run.config));
    const options = { adapter, packed: packedOf(adapter) };
    const report = await asJob(about, (job) =>
      reportOf(quantisedReport, ["measure-quantised", file], { options, job, timeoutMs: patienceMs }),
    );
    writeFileSync(reportFile(folderOf(run)), JSON.stringify(report));
    return report;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** K types take about half a second a million weights, and there are three. */
const patienceMs = 3_600_000;
