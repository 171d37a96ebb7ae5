import type { Metadata } from "next";
import { connection } from "next/server";
import { teamOf } from "@/lib/annotation/agreement/team";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { Link } from "../ui/link";
import { Empty, Page, PageHeader } from "../ui/screen";
import { TeamTable } from "./_components/team-table";

export const metadata: Metadata = { title: "Team" };

export default async function TeamPage() {
  await connection();
  const annotator = await currentAnnotator();
  const team = teamOf();
  return (
    <Page>
      <PageHeader
        title="Team"
        about="Everybody who has given a name on this machine, and what they annotated in all datasets. Gold accuracy, consistency and position bias are told by dataset."
      />
      {team.length === 0 ? (
        <Empty
          title="Nobody yet"
          action={
            <Link href="/annotate" className="text-accent underline">
              Annotate
            </Link>
          }
        >
          Whoever annotates gives a name first, and is listed here from then on.
        </Empty>
      ) : (
        <TeamTable team={team} self={annotator?.id ?? null} now={Date.now()} />
      )}
    </Page>
  );
}
