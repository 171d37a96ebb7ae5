import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { clean } from "@/lib/storage/clean";
import { usualRules } from "@/lib/storage/rules";
import { cleaned, cleanInput } from "@/lib/storage/storage-schema";

/** Deletes what nothing needs any more, of what the report lists. */
export const POST = handle("administer", { body: cleanInput, answer: cleaned }, async ({ body: { paths } }) => {
  await requireAnnotator();
  return clean(usualRules, Date.now(), paths);
});
