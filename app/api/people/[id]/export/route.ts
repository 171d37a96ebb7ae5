import { handle } from "@/lib/http/handle";
import { sent, sentFile } from "@/lib/http/sent";
import { requirePerson } from "@/lib/people/require-person";
import { exportOf } from "@/lib/personal-data/export-person";
import { personExport } from "@/lib/personal-data/export-schema";

/** Everything that is stored about somebody, as a file. */
export const GET = handle(
  "administer",
  { answer: personExport },
  async (_, { params }: RouteContext<"/api/people/[id]/export">) => {
    const person = requirePerson((await params).id);
    return sentFile(sent(exportOf(person, Date.now())), `person-${person.id}.json`, "application/json");
  },
);
