import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { nameOf } from "@/lib/navigation/places";
import { named, placeName } from "@/lib/navigation/places-schema";

const place = z.object({ section: named, id: z.string() });

/** The name of a dataset or a run. */
export const GET = handle(
  "read",
  { answer: placeName },
  async (_, { params }: RouteContext<"/api/places/[section]/[id]">) => {
    const { section, id } = place.parse(await params);
    return { name: nameOf(section, id) };
  },
);
