import { importQuery } from "@/lib/datasets/imports/import-schema";
import { importLabelled } from "@/lib/datasets/imports/import-upload";
import { sender, uploadOf } from "@/lib/datasets/imports/upload";
import { labelledReport } from "@/lib/datasets/labelled/labelled-schema";
import { handle } from "@/lib/http/handle";

/** A file whose rows bear their labels: a dataset to train on at once. */
export const POST = handle(
  "write",
  { query: importQuery, file: "Rows in the format that is named.", answer: labelledReport, status: 201 },
  async ({ request, query }) => importLabelled(uploadOf(request, query), await sender(), Date.now()),
);
