// The data checks as a process of their own: on many pairs they take a while, and nobody else is to wait for them.
import "server-only";
import { asJob } from "../../jobs/background";
import { reportOf } from "../../jobs/workbench";
import { type DataCheckReport, dataCheckReport } from "./data-checks-schema";

export const runDoctor = ({ id, name }: { id: number; name: string }): Promise<DataCheckReport> =>
  asJob({ kind: "data check", title: `Data quality of ${name}`, href: `/datasets/${id}/quality` }, (job) =>
    reportOf(dataCheckReport, ["check-data", String(id)], { entry: "lib/cli.ts", job }),
  );
