import { stringify } from "csv-stringify/sync";
import { z } from "zod";
import { asText } from "@/common/records/formula";
import { workBetween } from "@/lib/annotation/agreement/work-report";
import { handle } from "@/lib/http/handle";

const days = z.object({ from: z.iso.date().default("0000-01-01"), to: z.iso.date().default("9999-12-31") });

/** Records and time of everybody by dataset and day, as a table to pay by. */
export const GET = handle("administer", { query: days, answer: ["text/csv"] }, ({ query: { from, to } }) => {
  const rows = workBetween(from, to).map((row) => ({
    ...row,
    person: asText(row.person),
    dataset: asText(row.dataset),
  }));
  const columns = ["person", "dataset", "day", "records", "extras", "seconds"];
  return new Response(stringify(rows, { header: true, columns }), {
    headers: { "content-type": "text/csv; charset=utf-8", "content-disposition": 'attachment; filename="work.csv"' },
  });
});
