import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { runIds } from "@/lib/runs/compare/compare-schema";
import { deletion } from "@/lib/runs/run-schema";
import { deletionOf } from "@/lib/storage/delete-runs";

const query = z.object({ ids: runIds });

/** What would go with these runs, for who is about to delete them. */
export const GET = handle("write", { query, answer: deletion }, ({ query: { ids } }) => deletionOf(ids));
