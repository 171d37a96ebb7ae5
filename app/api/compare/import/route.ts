import { z } from "zod";
import { importRun } from "@/lib/exchange/import-run";
import { importedRun } from "@/lib/exchange/imported";
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

/** A run that another program trained. The body is the file itself: a trainer_state.json, or an event file of TensorBoard. */
export const POST = handle(
  "write",
  { query, file: "A trainer_state.json, or an event file of TensorBoard.", answer: importedRun, status: 201 },
  async ({ request, query: { name: run, file, method } }) => {
    const bytes = await readAtMost(request, largest, "The file");
    return importRun(run, file, bytes, Date.now(), method);
  },
);
