import { Readable } from "node:stream";
import { stringify } from "csv-stringify/sync";
import { pack } from "tar-stream";
import { z } from "zod";
import { asText } from "@/common/records/formula";
import { eventsOf } from "@/lib/exchange/import-run";
import { fileName } from "@/lib/file-name";
import { rowsOf } from "@/lib/history/metric-rows";
import { handle } from "@/lib/http/handle";
import { sent, sentFile } from "@/lib/http/sent";
import { type ComparedRun, runIds } from "@/lib/runs/compare/compare-schema";
import { comparedRuns } from "@/lib/runs/compare/compared-runs";

const query = z.object({
  runs: runIds,
  format: z.enum(["csv", "json", "tensorboard"]),
});

const files = {
  csv: { name: "runs.csv", type: "text/csv; charset=utf-8", make: (runs: ComparedRun[]) => sent(csv(runs)) },
  json: { name: "runs.json", type: "application/json", make: (runs: ComparedRun[]) => sent(json(runs)) },
  tensorboard: { name: "runs.tar", type: "application/x-tar", make: tensorboard },
};

/** Everything that the runs logged, nothing thinned or smoothed, as a file: made while it is sent. */
export const GET = handle(
  "read",
  { query, answer: ["text/csv", "application/json", "application/x-tar"] },
  ({ query: { runs: ids, format } }) => {
    const { name, type, make } = files[format];
    return sentFile(make(comparedRuns(ids)), name, type);
  },
);

/** A line for each value. */
function* csv(runs: ComparedRun[]): Generator<string> {
  yield "run,name,step,metric,value\n";
  for (const { id, name } of runs)
    for (const { step, ...values } of rowsOf(id))
      yield stringify(Object.entries(values).map(([metric, value]) => [id, asText(name), step, metric, value]));
}

function* json(runs: ComparedRun[]): Generator<string> {
  yield "[";
  for (const [i, { id, name, config }] of runs.entries()) {
    yield `${i > 0 ? "," : ""}${JSON.stringify({ id, name, config }).slice(0, -1)},"points":[`;
    let first = true;
    for (const row of rowsOf(id)) {
      yield `${first ? "" : ",\n"}${JSON.stringify(row)}`;
      first = false;
    }
    yield "]}";
  }
  yield "]\n";
}

/** A folder a run, for `tensorboard --logdir`. */
function tensorboard(runs: ComparedRun[]): Readable {
  const tar = pack();
  for (const { id, name } of runs) {
    const folder = `${fileName(name)}-${id}`;
    tar.entry({ name: `runs/${folder}/events.out.tfevents.0.workbench` }, Buffer.concat([...eventsOf(id)]));
  }
  tar.finalize();
  return Readable.from(tar);
}
