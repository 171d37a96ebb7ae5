// Who writes responses, as requests name it. Beside an endpoint a model of this machine answers through its warm process, by the same API.
import "server-only";
import { z } from "zod";
import { AppError } from "../../spec/errors";
import { endpointOf } from "../endpoints/endpoints";
import { requireAllowedModel } from "../runs/allowed";
import { adapterFolder, requireRun } from "../runs/require-run";
import { servedModel } from "../runs/served-model";
import { askServer, type ServedModel } from "../serving/warm-server";
import { endpointWriter, type Writer } from "./endpoint-pairs";

export const isEndpoint = (writer: string | null): boolean => writer?.startsWith("endpoint:") ?? false;

/** The weights that a program of this machine reads as `base:MODEL` or `run:ID`; `field` is where the request names it. */
export function weightsOf(field: string, writer: string): { model: string; adapter: string | null } {
  const [kind, name] = [writer.slice(0, writer.indexOf(":")), writer.slice(writer.indexOf(":") + 1)];
  if (kind === "base") {
    requireAllowedModel(field, name);
    return { model: name, adapter: null };
  }
  const adapter = adapterFolder(name);
  if (!adapter) throw new AppError(400, `Run ${name} has saved no adapter; choose a finished run.`);
  return { model: requireRun(name).config.model.source, adapter };
}

/** `endpoint:ID`, `base:MODEL` or `run:ID`. */
export function writerFor(field: string, writer: string): Writer {
  if (isEndpoint(writer)) return endpointWriter(endpointOf(Number(writer.slice("endpoint:".length))));
  const name = writer.slice(writer.indexOf(":") + 1);
  if (writer.startsWith("base:")) requireAllowedModel(field, name);
  return warmWriter(servedModel(writer), writer, writer.startsWith("base:") ? name : (adapterFolder(name) ?? name));
}

const completion = z.object({
  choices: z
    .array(z.object({ message: z.object({ content: z.string().nullable() }), finish_reason: z.string() }))
    .min(1),
});
const refusal = z.object({ error: z.object({ message: z.string() }) });

const warmWriter = (served: ServedModel, model: string, name: string): Writer => ({
  name,
  async write(messages, seed, { temperature, longest, signal }) {
    const asked = { model, messages, max_tokens: longest, temperature, seed };
    const answer = await askServer(served, "/chat/completions", asked, signal ?? new AbortController().signal);
    const said: unknown = await answer.json();
    if (!answer.ok) throw new AppError(400, `${name} gave no answer: ${refusal.parse(said).error.message}`);
    const [choice] = completion.parse(said).choices;
    return { text: choice!.message.content ?? "", ended: choice!.finish_reason === "stop" };
  },
});
