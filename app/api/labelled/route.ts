import { importLabelled } from "@/lib/datasets/imports/import-upload";
import { sender, uploadOf } from "@/lib/datasets/imports/upload";
import { handle } from "@/lib/http/handle";

/** A file whose rows bear their labels: a dataset to train on at once. */
export const POST = handle("write", async (request) =>
  Response.json(await importLabelled(uploadOf(request), await sender(), Date.now()), { status: 201 }),
);
