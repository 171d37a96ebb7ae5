import { stageTexts } from "@/lib/corpus/corpora";
import { stagedTexts } from "@/lib/corpus/corpora-schema";
import { handle } from "@/lib/http/handle";

/** The texts of a corpus as an upload, which is previewed and imported like any other. */
export const POST = handle(
  "write",
  { answer: stagedTexts, status: 201 },
  async (_, { params }: RouteContext<"/api/corpora/[id]/dataset">) => ({ upload: stageTexts((await params).id) }),
);
