import { handle } from "@/lib/http/handle";
import { requirePerson } from "@/lib/people/require-person";
import { erasurePlan } from "@/lib/personal-data/erase-schema";
import { knownPerson } from "@/lib/personal-data/known-person";
import { namedPlaces } from "@/lib/personal-data/named-places";

/** Where somebody is named, before they are erased. */
export const GET = handle(
  "administer",
  { answer: erasurePlan },
  async (_, { params }: RouteContext<"/api/people/[id]/erasure">) => ({
    places: namedPlaces(knownPerson(requirePerson((await params).id))),
  }),
);
