import { Refusal } from "../../common/command-line";
import { importReport } from "../../lib/annotation/queues/queue-schema";
import { type ImportOptions, importFile } from "../../lib/commands/import";
import { tellImport } from "../../lib/commands/import-report";
import { labelledReport } from "../../lib/datasets/labelled/labelled-schema";
import { ask } from "../ask";
import { bytesOf, formatOf } from "../files";
import { rememberedServer } from "../servers";

export const remoteImport = importFile.action(async (file: string, name: string, { as }: ImportOptions) => {
  if (as === "run") throw new Refusal("a run's folder is imported on the machine where it lies, without --remote");
  const server = rememberedServer();
  const query = { name, format: formatOf(file) };
  const sent = { method: "POST", bytes: await bytesOf(file) } as const;
  const report =
    as === "labelled"
      ? await ask(server, labelledReport, "/api/labelled", { ...sent, query })
      : await ask(server, importReport, "/api/queues/import", { ...sent, query: { ...query, as } });
  tellImport(report, file);
});
