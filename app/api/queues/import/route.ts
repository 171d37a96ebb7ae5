import { operations } from "@/lib/api/operations";
import { importQueue } from "@/lib/datasets/imports/import-upload";
import { sender, uploadOf } from "@/lib/datasets/imports/upload";
import { handle } from "@/lib/http/handle";

/** Records to annotate. The body is the file itself. */
export const POST = handle("write", operations.importRecords, async ({ request, query }) =>
  importQueue(uploadOf(request, query), await sender(), Date.now()),
);
