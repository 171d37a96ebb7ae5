import { handle } from "@/lib/http/handle";
import { storageReport } from "@/lib/storage/report";

export const GET = handle("administer", async () => Response.json(await storageReport(Date.now())));
