// A thread that judges documents: it is sent some, and answers with one outcome after another.
import { parentPort, workerData } from "node:worker_threads";
import type { CorpusConfig } from "./corpus-schema";
import { documentJudge } from "./judge-document";
import type { RawDocument } from "./reading/raw-document";

const { config, tested } = workerData as { config: CorpusConfig; tested: ReadonlySet<string> };
const judge = documentJudge(config, tested);

parentPort!.on("message", async (documents: RawDocument[]) => {
  for (const document of documents) parentPort!.postMessage(await judge(document));
});
parentPort!.postMessage("ready");
