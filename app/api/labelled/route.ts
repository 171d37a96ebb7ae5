import { handle } from "@/lib/http";
import { importLabelled } from "@/lib/queues/import";
import { uploadOf } from "@/lib/queues/upload";

/** A file whose rows bear their labels: a dataset to train on at once. */
export const POST = handle(async (request) =>
  Response.json(await importLabelled(uploadOf(request), Date.now()), { status: 201 }),
);
