import { handle } from "@/lib/http/handle";
import { sent, sentFile } from "@/lib/http/sent";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { exportOf } from "@/lib/personal-data/export-person";
import { personExport } from "@/lib/personal-data/export-schema";

/** Everything that is stored about oneself, as a file. */
export const GET = handle("signed in", { answer: personExport }, async () =>
  sentFile(sent(exportOf(await requireAnnotator(), Date.now())), "my-data.json", "application/json"),
);
