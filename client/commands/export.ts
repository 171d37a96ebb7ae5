import { pipeline } from "node:stream/promises";
import { print } from "../../common/command-line";
import { type ExportOptions, exportQueue } from "../../lib/commands/export";
import { exportPreview } from "../../lib/datasets/snapshots/export-filter";
import { ask, bytesFrom } from "../ask";
import { queueIdOf } from "../datasets";
import { rememberedServer } from "../servers";

export const remoteExport = exportQueue.action(async (called: string, options: ExportOptions) => {
  const {
    rows = "pairs",
    as,
    minStrength: strength,
    minRaters: raters,
    minProbability: probability,
    records,
  } = options;
  const server = rememberedServer();
  const path = `/api/queues/${await queueIdOf(server, called)}/export`;
  const query = { rows, strength, raters, probability, records };
  if (as === "preview") print(await ask(server, exportPreview, `${path}/preview`, { query }));
  else await pipeline(await bytesFrom(server, path, { query }), process.stdout, { end: false });
});
