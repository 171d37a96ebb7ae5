import { z } from "zod";
import { readAtMost } from "@/lib/bodies";
import { importRun } from "@/lib/exchange/store";
import { handle } from "@/lib/http";
import { name } from "@/lib/names";

const query = z.object({ name: name("Name the run."), file: z.string().min(1).max(200) });
const largest = 2 ** 25;

// The body is the file itself: a trainer_state.json, or an event file of TensorBoard.
export const POST = handle(async (request) => {
  const { name: run, file } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  const bytes = await readAtMost(request, largest, "The file");
  return Response.json(await importRun(run, file, bytes, Date.now()), { status: 201 });
});
