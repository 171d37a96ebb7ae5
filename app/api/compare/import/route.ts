import { z } from "zod";
import { importRun } from "@/lib/exchange/store";
import { handle } from "@/lib/http";
import { name } from "@/lib/names";

const query = z.object({ name: name("Name the run."), file: z.string().min(1).max(200) });

// The body is the file itself: a trainer_state.json, or an event file of TensorBoard.
export const POST = handle(async (request) => {
  const { name: run, file } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(importRun(run, file, Buffer.from(await request.clone().arrayBuffer()), Date.now()), {
    status: 201,
  });
});
