import { agreementInput, guidelineVersions } from "@/lib/annotation/guidelines/guidelines-schema";
import { agreeToGuidelines, listGuidelines } from "@/lib/annotation/guidelines/versions";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Every version, newest first. */
export const GET = handle(
  "read",
  { answer: guidelineVersions },
  async (_, { params }: RouteContext<"/api/queues/[id]/guidelines">) => listGuidelines(await queueIn(params)),
);

/** Whoever asks has read this version. */
export const POST = handle(
  "annotate",
  { body: agreementInput, answer: agreementInput },
  async ({ body: { number } }, { params }: RouteContext<"/api/queues/[id]/guidelines">) => {
    const annotator = await requireAnnotator();
    const id = await queueIn(params);
    await retryOnBusyAsync(() => agreeToGuidelines(annotator.id, id, number, Date.now()));
    return { number };
  },
);
