// The data checks as a process of their own: on many pairs they take a while, and nobody else is to wait for them.
import "server-only";
import { reportOf } from "../../jobs/workbench";
import { type DataCheckReport, dataCheckReport } from "./data-checks-schema";

export const runDoctor = (queueId: number): Promise<DataCheckReport> =>
  reportOf(dataCheckReport, ["check-data", String(queueId)], { entry: "lib/cli.ts" });
