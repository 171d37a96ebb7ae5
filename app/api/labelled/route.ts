import { operations } from "@/lib/api/operations";
import { importLabelled } from "@/lib/datasets/imports/import-upload";
import { sender, uploadOf } from "@/lib/datasets/imports/upload";
import { handle } from "@/lib/http/handle";

/** A file whose rows bear their labels: a dataset to train on at once. */
export const POST = handle("write", operations.importLabelled, async ({ request, query }) =>
  importLabelled(uploadOf(request, query), await sender(), Date.now()),
);
