import { importQueue } from "@/lib/annotation/queues/import-upload";
import { uploadOf } from "@/lib/annotation/queues/upload";
import { handle } from "@/lib/http/handle";

export const POST = handle(async (request) => Response.json(await importQueue(uploadOf(request), Date.now())));
