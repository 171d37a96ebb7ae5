import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { asServer } from "@/lib/access/asked";
import { requireInvitation } from "@/lib/access/invitations";
import { memberName } from "@/lib/access/members";
import { messageIn } from "@/lib/messages/translated-error";
import { AppError } from "@/spec/errors";
import { getTranslate, PageMessages } from "../../_messages/get-translate";
import { Page, PageHeader } from "../../ui/screen";
import { Join } from "./_components/join";

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await getTranslate())("access.join"),
  referrer: "no-referrer",
});

function invited(token: string) {
  const { role, email, userId } = requireInvitation(token, Date.now());
  return { role, email, known: userId === null ? null : memberName(userId) };
}

export default async function JoinPage({ params }: PageProps<"/join/[token]">) {
  await allow("public");
  const { token } = await params;
  const t = await getTranslate();
  try {
    const { role, email, known } = asServer(() => invited(token)); // whoever has the link may know what it is for
    const as = known === null ? t("role.as", { role: t(`role.${role}`), about: t(`role.about.${role}`) }) : null;
    return (
      <PageMessages groups={["access"]}>
        <Join token={token} known={known} email={email} as={as} />
      </PageMessages>
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return (
      <Page>
        <PageHeader title={t("access.brokenLink")} about={messageIn(t.language, error)} />
      </Page>
    );
  }
}
