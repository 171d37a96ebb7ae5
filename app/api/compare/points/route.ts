import { z } from "zod";
import { comparedRuns } from "@/lib/compare/queries";
import { runIds } from "@/lib/compare/schema";
import { rowsOf } from "@/lib/history/read";
import { handle } from "@/lib/http";
import { quoted } from "@/lib/snapshots/formats";

const query = z.object({
  runs: runIds,
  format: z.enum(["csv", "json"]),
});

/** Everything that the runs logged, a row for each value, as a file. */
export const GET = handle((request) => {
  const { runs: ids, format } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  const runs = comparedRuns(ids);
  const headers = { "content-disposition": `attachment; filename="runs.${format}"` };
  if (format === "json") {
    const whole = runs.map(({ id, name, config }) => ({ id, name, config, points: Array.from(rowsOf(id)) }));
    return Response.json(whole, { headers });
  }
  const lines = runs.flatMap(({ id, name }) =>
    [...rowsOf(id)].flatMap(({ step, ...values }) =>
      Object.entries(values).map(([metric, value]) => [id, quoted(name), step, metric, value].join()),
    ),
  );
  const text = ["run,name,step,metric,value", ...lines].join("\n");
  return new Response(`${text}\n`, { headers: { ...headers, "content-type": "text/csv; charset=utf-8" } });
});
