import { z } from "zod";
import { auditPage } from "@/lib/access/access-schema";
import { auditLog } from "@/lib/access/audit";
import { handle } from "@/lib/http/handle";

const query = z.object({
  q: z.string().max(200).default(""),
  before: z.coerce.number().int().default(Number.MAX_SAFE_INTEGER),
});
const atOnce = 1000;

/** The audit log, newest first. */
export const GET = handle("administer", { query, answer: auditPage }, ({ query: { q, before } }) => {
  const entries = auditLog(q, before, atOnce);
  return { entries, next: entries.length === atOnce ? entries.at(-1)!.seq : null };
});
