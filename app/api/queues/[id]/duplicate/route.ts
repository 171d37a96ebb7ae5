import { z } from "zod";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { duplicateQueue } from "@/lib/datasets/manage/duplicate-queue";
import { datasetId } from "@/lib/datasets/manage/manage-schema";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const query = z.object({ single: z.stringbool().default(false) });

/** Answers with the copy's id; of single answers where `?single=true` asks for it. */
export const POST = handle(
  "write",
  { query, answer: datasetId, status: 201 },
  async ({ query: { single } }, { params }: RouteContext<"/api/queues/[id]/duplicate">) => {
    await requireAnnotator();
    return { id: await duplicateQueue(await queueIn(params), Date.now(), single) };
  },
);
