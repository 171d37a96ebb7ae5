import { importQueue } from "@/lib/datasets/imports/import-upload";
import { sender, uploadOf } from "@/lib/datasets/imports/upload";
import { handle } from "@/lib/http/handle";

export const POST = handle("write", async (request) =>
  Response.json(await importQueue(uploadOf(request), await sender(), Date.now())),
);
