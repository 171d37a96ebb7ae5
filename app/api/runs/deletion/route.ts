import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { runIds } from "@/lib/runs/compare/compare-schema";
import { deletionOf } from "@/lib/storage/delete-runs";

const query = z.object({ ids: runIds });

/** What would go with these runs, for who is about to delete them. */
export const GET = handle("write", async (request) => {
  const { ids } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(await deletionOf(ids));
});
