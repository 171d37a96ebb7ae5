import { readFileSync } from "node:fs";
import { print, Refusal, say } from "../../common/command-line";
import { readRunConfig } from "../../common/config-file";
import { operations } from "../../lib/api/operations";
import type { ChosenSet } from "../../lib/runs/chosen-sets";
import { chosenBy, setKey } from "../../lib/runs/run-schema";
import { type DataSource, isStored, sourcesOf } from "../../spec/fields/data-sources";
import { namedTexts } from "../../spec/methods/sampling-of";
import { withValue } from "../../spec/paths";
import { usualName } from "../../spec/row-files";
import { train } from "../../trainers/commands/train";
import { fetchAdapter } from "../adapter";
import { ask } from "../ask";
import { trainingSetOf } from "../datasets";
import { bytesOf, formatOf } from "../files";
import { follow } from "../follow";
import { rememberedServer, type Server } from "../servers";

interface Options {
  record?: string;
  resume?: true;
  startOver?: true;
  tokens?: string;
}

/** Files of rows are sent first; the adapter comes back into the output folder. */
export const remoteTrain = train.action(async (file: string, { record, ...others }: Options) => {
  const [other] = Object.keys(others).filter((name) => name !== "remote");
  if (other !== undefined) throw new Refusal(`${other} is for runs on this machine; --remote has no use for it`);
  const server = rememberedServer();
  const config = readRunConfig(file);
  const { train: rows, eval: heldOut, tokens } = config.data;
  if (tokens !== null || rows === null) throw new Refusal(`${file}: data.train: name a dataset or a file for --remote`);
  const given = JSON.parse(readFileSync(file, "utf8")) as { method: string };
  const texts = namedTexts(config);
  const sent = texts && !isStored(texts.source) ? `labelled:${(await setOf(server, texts.source)).id}` : null;
  const body = {
    name: record ?? usualName(file),
    config: texts && sent ? (withValue(given, texts.field, sent) as typeof given) : given,
    data: await Promise.all(sourcesOf(rows).map((source) => chosen(server, source))),
    ...(heldOut !== null && { evaluation: await setOf(server, heldOut) }),
  };
  const { id } = await ask(server, operations.launch, { body });
  say(`${server.url}/runs/${id}`);
  process.once("SIGINT", () => {
    say(`the run goes on; it is stopped on ${server.url}/runs/${id}`);
    process.exit(130);
  });
  const run = await follow(server, id, ({ step, values }) => print({ step, ...values }));
  if (run.status === "failed") throw new Error(run.error ?? "the run failed, and does not say why");
  if (run.adapter) await fetchAdapter(server, id, config.output);
  say(`${run.status}; ${run.adapter ? `the adapter is in ${config.output}` : "its model stays on the server"}`);
});

const chosen = async (server: Server, { source, weight }: DataSource) => ({ ...(await setOf(server, source)), weight });

/** A dataset of the server's as a launch names it; a file becomes one. */
async function setOf(server: Server, source: string): Promise<ChosenSet> {
  const [, labelled] = /^labelled:(\d+)$/.exec(source) ?? [];
  if (labelled !== undefined) return { kind: "labelled", id: Number(labelled) };
  if (/^(snapshot:|labelled:\d+@)/.test(source))
    throw new Refusal(`${source}: a run that is launched takes a dataset as it stands; name it without a version`);
  const [, called] = /^dataset:(.*)$/s.exec(source) ?? [];
  if (called !== undefined) return chosenBy(setKey(await trainingSetOf(server, called)));
  const query = { name: usualName(source), format: formatOf(source) };
  const sent = { query, file: await bytesOf(source) };
  const { id, name, rows, known } = await ask(server, operations.importLabelled, sent);
  say(`${source}: ${known ? "is there already as" : "is now"} the dataset ${name} with ${rows} rows`);
  return { kind: "labelled", id };
}
