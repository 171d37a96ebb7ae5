import { handle } from "@/lib/http/handle";
import { placeOfRecord } from "@/lib/navigation/places";

export const GET = handle<RouteContext<"/api/places/records/[id]">>("read", async (_, { params }) =>
  Response.json(placeOfRecord((await params).id)),
);
