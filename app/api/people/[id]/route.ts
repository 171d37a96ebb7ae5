import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { annotatorDto, enterInput } from "@/lib/people/people-schema";
import { rename } from "@/lib/people/rename";
import { requirePerson } from "@/lib/people/require-person";
import { erase } from "@/lib/personal-data/erase";
import { erased, eraseInput } from "@/lib/personal-data/erase-schema";

/** Renames anybody: on one's own machine every name is there for everybody to choose. */
export const PATCH = handle(
  "administer",
  { body: enterInput, answer: annotatorDto },
  async ({ body: { name } }, { params }: RouteContext<"/api/people/[id]">) => {
    await requireAnnotator();
    const { id } = requirePerson((await params).id);
    return annotatorDto.parse(await rename(id, name));
  },
);

/** Erases somebody: the account goes, and they have a made-up name; votes stay. */
export const DELETE = handle(
  "administer",
  { body: eraseInput, answer: erased },
  async ({ body }, { params }: RouteContext<"/api/people/[id]">) =>
    erase(requirePerson((await params).id).id, body, Date.now()),
);
