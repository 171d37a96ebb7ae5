import { z } from "zod";
import { importRun } from "@/lib/exchange/store";
import { handle } from "@/lib/http";

const query = z.object({ name: z.string().trim().min(1, "Name the run.").max(80), file: z.string().min(1).max(200) });

// The body is the file itself: a trainer_state.json, or an event file of TensorBoard.
export const POST = handle(async (request) => {
  const { name, file } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(importRun(name, file, Buffer.from(await request.clone().arrayBuffer()), Date.now()), {
    status: 201,
  });
});
