import { handle } from "@/lib/http/handle";
import { storageReport } from "@/lib/storage/report";

export const GET = handle(async () => Response.json(await storageReport(Date.now())));
