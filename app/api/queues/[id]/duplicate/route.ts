import { z } from "zod";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { duplicateQueue } from "@/lib/datasets/manage/duplicate-queue";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const query = z.object({ single: z.stringbool().default(false) });

/** Answers with the copy's id; of single answers where `?single=true` asks for it. */
export const POST = handle<RouteContext<"/api/queues/[id]/duplicate">>("write", async (request, { params }) => {
  await requireAnnotator();
  const { single } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json({ id: await duplicateQueue(await queueIn(params), Date.now(), single) }, { status: 201 });
});
