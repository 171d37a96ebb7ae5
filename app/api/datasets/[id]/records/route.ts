import { z } from "zod";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { listRecords } from "@/lib/annotation/records/list-records";
import { recordPage, recordSearch } from "@/lib/annotation/records/records-schema";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const place = z
  .string()
  .regex(/^-?[\d.]+(e-?\d+)?_\d+$/, "not a place in a list of records")
  .nullable()
  .default(null);
const query = recordSearch.extend({ cursor: place });

/** A page of records that a filter leaves; the first one brings the facets. */
export const GET = handle(
  "read",
  { query, answer: recordPage },
  async ({ query: { cursor, ...filter } }, { params }: RouteContext<"/api/datasets/[id]/records">) => {
    const { id: viewer } = await requireAnnotator();
    const queueId = await queueIn(params);
    return listRecords(queueId, viewer, filter, cursor);
  },
);
