import type { Metadata } from "next";
import { mailServer, singleSignOn } from "@/common/env";
import { allow } from "@/lib/access/allow";
import { currentUser } from "@/lib/access/current-user";
import { unclaimedAnnotators } from "@/lib/access/members";
import { teamOf } from "@/lib/annotation/agreement/team";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { Empty } from "../ui/empty";
import { Link } from "../ui/link";
import { Page, PageHeader } from "../ui/screen";
import { Members } from "./_components/members";
import { TeamTable } from "./_components/team-table";
import { WorkReport } from "./_components/work-report";

export const metadata: Metadata = { title: "Team" };

export default async function TeamPage() {
  await allow("read");
  const annotator = await currentAnnotator();
  const user = await currentUser();
  const team = teamOf();
  return (
    <Page>
      <PageHeader
        title="Team"
        about="Everybody who annotates here, and what they annotated in all datasets. Gold accuracy, consistency and position bias are told by dataset."
      />
      {user?.id && user.role === "owner" && (
        <div className="mb-4">
          <Members
            self={user.id}
            annotators={unclaimedAnnotators()}
            provider={singleSignOn()?.name ?? null}
            mails={mailServer() !== null}
            now={Date.now()}
          />
        </div>
      )}
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
        <>
          <TeamTable team={team} self={annotator?.id ?? null} now={Date.now()} />
          <WorkReport now={new Date()} />
        </>
      )}
    </Page>
  );
}
