import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { asServer } from "@/lib/access/asked";
import { requireInvitation } from "@/lib/access/invitations";
import { memberName } from "@/lib/access/members";
import { AppError } from "@/spec/errors";
import { roleAbout } from "@/spec/roles";
import { Page, PageHeader } from "../../ui/screen";
import { Join } from "./_components/join";

export const metadata: Metadata = { title: "Join", referrer: "no-referrer" };

function invited(token: string) {
  const { role, userId } = requireInvitation(token, Date.now());
  return { role, known: userId === null ? null : memberName(userId) };
}

export default async function JoinPage({ params }: PageProps<"/join/[token]">) {
  await allow("public");
  const { token } = await params;
  try {
    const { role, known } = asServer(() => invited(token)); // whoever has the link may know what it is for
    return <Join token={token} known={known} as={known === null ? `${role}: ${roleAbout[role]}` : null} />;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return (
      <Page>
        <PageHeader title="This link does not work" about={error.message} />
      </Page>
    );
  }
}
