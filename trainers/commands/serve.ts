import { once as happens } from "node:events";
import type { AddressInfo } from "node:net";
import { Command, InvalidArgumentError } from "commander";
import { choice, once, print, Refusal, say, wholeNumber } from "../../common/command-line";
import { serverKey } from "../../common/env";
import { isThisMachine } from "../../common/this-machine";
import { askedQuantisations } from "../../spec/fields/model";
import { type HeldOptions, heldBase, takesHeldBase } from "./held-base";
import { port } from "./port";

interface Options extends HeldOptions {
  adapter: [string, string][];
  host?: string;
  port?: number;
  rows?: number;
  context?: number;
  dtype?: "float32" | "bfloat16";
  promptLookup?: number;
  draft?: string;
  draftTokens?: number;
  byFolder?: boolean;
}

/** NAME=FOLDER, any number of times. */
function named(text: string, previous: [string, string][]): [string, string][] {
  const [, name, folder] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (!name || !folder) throw new InvalidArgumentError("Give NAME=FOLDER.");
  if (previous.some(([other]) => other === name)) throw new InvalidArgumentError(`There are two called ${name}.`);
  return [...previous, [name, folder]];
}

export const serve = takesHeldBase(new Command("serve"), askedQuantisations)
  .description("serve a model, and adapters on it, by OpenAI's API: /v1/models, /v1/completions, /v1/chat/completions")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .option(
    "--adapter <name=folder>",
    "an adapter, or a model with the same tokens, under a name; may be repeated",
    named,
    [],
  )
  .option("--host <address>", "the address to listen on (127.0.0.1)", once)
  .option("--port <number>", "the port (8000); 0 takes a free one", port)
  .option("--rows <number>", "how many sequences of full length there is room for (16)", wholeNumber)
  .option(
    "--context <tokens>",
    "how long a prompt with its answer may be (what the model was made for, at most 2048)",
    wholeNumber,
  )
  .addOption(choice("--dtype <type>", "how the base's weights are held (float32)", ["float32", "bfloat16"]))
  .option(
    "--prompt-lookup <tokens>",
    "speculative decoding: propose up to this many tokens by prompt lookup; the output is the same",
    wholeNumber,
  )
  .option("--draft <model>", "speculative decoding with this smaller draft model, which needs the same tokenizer", once)
  .option("--draft-tokens <number>", "tokens that the draft model proposes at a time (4)", wholeNumber)
  .option("--by-folder", "a request may name an adapter's folder in the header x-adapter-folder")
  .action(async (source: string, { adapter, ...options }: Options) => {
    const { host = "127.0.0.1", port = 8000, rows = 16, context = null, byFolder = false } = options;
    const { dtype = "float32", promptLookup, draft, draftTokens: tokens = 4 } = options;
    const held = heldBase(options);
    const key = serverKey();
    const isLocal = isThisMachine(host);
    if (!isLocal && !key)
      throw new Refusal(
        `${host} is open to other machines: set WORKBENCH_SERVER_KEY, which they have to send as their API key`,
      );
    if (byFolder && !key) throw new Refusal("--by-folder lets a request name folders: set WORKBENCH_SERVER_KEY");
    const [{ loadServed }, { apiServer }] = await Promise.all([import("../serve/served"), import("../serve/server")]);
    const served = await loadServed({
      model: { source, dtype, ...held },
      policies: new Map(adapter),
      rows,
      context,
      speculation: { ...(promptLookup && { promptLookup }), ...(draft && { draft: { source: draft, tokens } }) },
    });
    const server = apiServer(served, { key, openTo: isLocal ? "this machine" : "all", byFolder });
    server.listen(port, host);
    await happens(server, "listening");
    const { port: own } = server.address() as AddressInfo;
    const url = `http://${host.includes(":") ? `[${host}]` : host}:${own}/v1`;
    const { engine, madeFor } = served;
    if (engine.context > madeFor)
      say(`${source} was made for ${madeFor} tokens: of up to ${engine.context} it reads what lies beyond worse`);
    say(`serving ${served.names.join(", ")} at ${url}`);
    print({ url, models: served.names });
  });
