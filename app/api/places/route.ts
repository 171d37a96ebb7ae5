import { handle } from "@/lib/http/handle";
import { allPlaces } from "@/lib/navigation/places";

export const GET = handle(() => Response.json(allPlaces()));
