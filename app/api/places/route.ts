import { handle } from "@/lib/http/handle";
import { allPlaces } from "@/lib/navigation/places";
import { places } from "@/lib/navigation/places-schema";

/** What the command palette finds by name. */
export const GET = handle("signed in", { answer: places }, () => allPlaces());
