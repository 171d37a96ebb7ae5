import { z } from "zod";
import { importRun } from "@/lib/exchange/import-run";
import { readAtMost } from "@/lib/http/bodies";
import { handle } from "@/lib/http/handle";
import type { Method } from "@/spec/config";
import { allMethods } from "@/spec/methods/all";
import { name } from "@/spec/names";

const query = z.object({
  name: name("Name the run."),
  file: z.string().min(1).max(200),
  method: z
    .enum(allMethods.map(({ name }) => name) as [Method, ...Method[]])
    .nullable()
    .default(null),
});
const largest = 2 ** 25;

// The body is the file itself: a trainer_state.json, or an event file of TensorBoard.
export const POST = handle("write", async (request) => {
  const { name: run, file, method } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  const bytes = await readAtMost(request, largest, "The file");
  return Response.json(await importRun(run, file, bytes, Date.now(), method), { status: 201 });
});
