import { z } from "zod";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { listRecords } from "@/lib/annotation/records/list-records";
import { filterOf } from "@/lib/annotation/records/records-schema";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const place = z
  .string()
  .regex(/^-?[\d.]+(e-?\d+)?_\d+$/, "not a place in a list of records")
  .nullable();

/** A page of records that a filter leaves; the first one brings the facets. */
export const GET = handle<RouteContext<"/api/datasets/[id]/records">>("read", async (request, { params }) => {
  const { id: viewer } = await requireAnnotator();
  const queueId = await queueIn(params);
  const { searchParams } = new URL(request.url);
  const cursor = place.parse(searchParams.get("cursor"));
  return Response.json(listRecords(queueId, viewer, filterOf(searchParams), cursor));
});
