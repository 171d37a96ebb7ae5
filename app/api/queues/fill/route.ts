import { fillState } from "@/lib/generation/at-work";
import { startFilling } from "@/lib/generation/fill";
import { fillInput, fillState as fillStateSchema } from "@/lib/generation/fill-schema";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** The responses that are being generated, or were last; null before any. */
export const GET = handle("read", { answer: fillStateSchema.nullable() }, () => fillState());

/** Starts to generate responses. */
export const POST = handle("write", { body: fillInput, answer: fillStateSchema }, async ({ body }) => {
  await requireAnnotator();
  return startFilling(body, Date.now());
});
