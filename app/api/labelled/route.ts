import { importLabelled } from "@/lib/annotation/queues/import-upload";
import { uploadOf } from "@/lib/annotation/queues/upload";
import { handle } from "@/lib/http/handle";

/** A file whose rows bear their labels: a dataset to train on at once. */
export const POST = handle(async (request) =>
  Response.json(await importLabelled(uploadOf(request), Date.now()), { status: 201 }),
);
