import { pipeline } from "node:stream/promises";
import { print, Refusal } from "../../common/command-line";
import { operations } from "../../lib/api/operations";
import { type ExportOptions, exportQueue } from "../../lib/commands/export";
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
  const params = { id: await queueIdOf(server, called) };
  const filter = { strength, raters, probability, records };
  if (as !== "preview") {
    const bytes = await bytesFrom(server, operations.exportDataset, { params, query: { rows, ...filter } });
    return pipeline(bytes, process.stdout, { end: false });
  }
  if (rows === "items") throw new Refusal("items have no preview on a server: it would tell writers before the vote");
  print(await ask(server, operations.previewExport, { params, query: { rows, ...filter } }));
});
