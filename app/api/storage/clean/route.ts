import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { clean } from "@/lib/storage/clean";
import { usualRules } from "@/lib/storage/rules";
import { cleanInput } from "@/lib/storage/storage-schema";

export const POST = handle("administer", async (request) => {
  await requireAnnotator();
  const { paths } = await body(request, cleanInput);
  return Response.json(await clean(usualRules, Date.now(), paths));
});
