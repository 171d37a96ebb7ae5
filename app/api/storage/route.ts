import { handle } from "@/lib/http/handle";
import { storageReport } from "@/lib/storage/report";
import { storageReport as storageReportSchema } from "@/lib/storage/storage-schema";

/** What takes room on the disk, and what of it can be deleted. */
export const GET = handle("administer", { answer: storageReportSchema }, () => storageReport(Date.now()));
