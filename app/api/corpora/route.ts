import { beginCorpus, stateOfCorpus } from "@/lib/corpus/corpora";
import { corpusState, newCorpus } from "@/lib/corpus/corpora-schema";
import { requireAllowedScorer, withScorer } from "@/lib/corpus/named-scorer";
import { handle } from "@/lib/http/handle";
import { requireAllowedPath } from "@/lib/runs/allowed";

/** Starts to make training text of a folder on the server's machine. */
export const POST = handle("write", { body: newCorpus, answer: corpusState, status: 202 }, ({ body }) => {
  const against = body.config.against.map((path) => requireAllowedPath("against", path));
  const folder = requireAllowedPath("folder", body.folder);
  const config = withScorer({ ...body.config, against });
  requireAllowedScorer(config);
  return stateOfCorpus(beginCorpus({ name: body.name, folder, config, at: Date.now() }));
});
