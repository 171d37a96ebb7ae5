import { handle } from "@/lib/http/handle";
import { placeOfRecord } from "@/lib/navigation/places";
import { recordPlace } from "@/lib/navigation/places-schema";

/** The dataset of a record. */
export const GET = handle(
  "read",
  { answer: recordPlace },
  async (_, { params }: RouteContext<"/api/places/records/[id]">) => placeOfRecord((await params).id),
);
