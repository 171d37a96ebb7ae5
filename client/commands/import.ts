import { Refusal } from "../../common/command-line";
import { operations } from "../../lib/api/operations";
import { type ImportOptions, importFile } from "../../lib/commands/import";
import { tellImport } from "../../lib/commands/import-report";
import { ask } from "../ask";
import { bytesOf, formatOf } from "../files";
import { rememberedServer } from "../servers";

export const remoteImport = importFile.action(async (file: string, name: string, { as }: ImportOptions) => {
  if (as === "run") throw new Refusal("a run's folder is imported on the machine where it lies, without --remote");
  const server = rememberedServer();
  const query = { name, format: formatOf(file) };
  const sent = { query, file: await bytesOf(file) };
  const report =
    as === "labelled"
      ? await ask(server, operations.importLabelled, sent)
      : await ask(server, operations.importRecords, { ...sent, query: { ...query, as } });
  tellImport(report, file);
});
