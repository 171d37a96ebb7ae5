import { handle } from "@/lib/http";
import { importQueue } from "@/lib/queues/import";
import { uploadOf } from "@/lib/queues/upload";

export const POST = handle(async (request) => Response.json(await importQueue(uploadOf(request), Date.now())));
