import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { nameOf } from "@/lib/navigation/places";
import { named } from "@/lib/navigation/places-schema";

const place = z.object({ section: named, id: z.string() });

export const GET = handle<RouteContext<"/api/places/[section]/[id]">>("read", async (_, { params }) => {
  const { section, id } = place.parse(await params);
  return Response.json({ name: nameOf(section, id) });
});
