import { handle } from "@/lib/http/handle";
import { allPlaces } from "@/lib/navigation/places";

export const GET = handle("signed in", () => Response.json(allPlaces()));
