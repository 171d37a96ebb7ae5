import { importReport } from "@/lib/annotation/queues/queue-schema";
import { importQuery } from "@/lib/datasets/imports/import-schema";
import { importQueue } from "@/lib/datasets/imports/import-upload";
import { sender, uploadOf } from "@/lib/datasets/imports/upload";
import { handle } from "@/lib/http/handle";

/** Records to annotate. The body is the file itself. */
export const POST = handle(
  "write",
  { query: importQuery, file: "Rows in the format that is named.", answer: importReport },
  async ({ request, query }) => importQueue(uploadOf(request, query), await sender(), Date.now()),
);
