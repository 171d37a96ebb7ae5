import { beginCorpus, stateOfCorpus } from "@/lib/corpus/corpora";
import { corpusState, newCorpus } from "@/lib/corpus/corpora-schema";
import { handle } from "@/lib/http/handle";
import { requireAllowedPath } from "@/lib/runs/allowed";

/** Starts to make training text of a folder on the server's machine. */
export const POST = handle("write", { body: newCorpus, answer: corpusState, status: 202 }, ({ body }) => {
  const against = body.config.against.map((path) => requireAllowedPath("against", path));
  const folder = requireAllowedPath("folder", body.folder);
  const about = { name: body.name, folder, config: { ...body.config, against }, at: Date.now() };
  return stateOfCorpus(beginCorpus(about));
});
