import { goOn, listCorpora, removeCorpus, stateOfCorpus } from "@/lib/corpus/corpora";
import { changedCorpus, corpora, corpusState } from "@/lib/corpus/corpora-schema";
import { handle } from "@/lib/http/handle";

type Context = RouteContext<"/api/corpora/[id]">;

/** A corpus: how far it is, and what fell where. */
export const GET = handle("write", { answer: corpusState }, async (_, { params }: Context) =>
  stateOfCorpus((await params).id),
);

/** Goes on with what was interrupted, restores documents, and drops others by their scores. */
export const POST = handle(
  "write",
  { body: changedCorpus, answer: corpusState, status: 202 },
  async ({ body }, { params }: Context) => {
    const { id } = await params;
    goOn(id, body);
    return stateOfCorpus(id);
  },
);

/** Answers with the corpora that are left. */
export const DELETE = handle("write", { answer: corpora }, async (_, { params }: Context) => {
  removeCorpus((await params).id);
  return listCorpora();
});
