import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { inspectModel } from "@/lib/models/inspect-model";

const query = z.object({ source: z.string().trim().min(1).max(4096) });

/** What the files of a base model say of it. */
export const GET = handle("read", async (request) => {
  const { source } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(await inspectModel(source));
});
