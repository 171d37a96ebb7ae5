import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { singleSignOn } from "@/common/env";
import { allow } from "@/lib/access/allow";
import { currentUser } from "@/lib/access/current-user";
import { isLinked } from "@/lib/access/linked";
import { hasPassword, sessionsOf } from "@/lib/access/members";
import { passkeysOf, passkeysWork } from "@/lib/access/passkeys";
import { hasSecondStep } from "@/lib/access/second-step";
import { tokensOf } from "@/lib/access/tokens";
import { Providers } from "../_client/providers";
import { getTranslate, PageMessages } from "../_messages/get-translate";
import { Card } from "../ui/cards";
import { LanguageSelect } from "../ui/language-select";
import { Page, PageHeader } from "../ui/screen";
import { ChangePassword } from "./_components/change-password";
import { Connection } from "./_components/connection";
import { OwnData } from "./_components/own-data";
import { Passkeys } from "./_components/passkeys";
import { SecondStep } from "./_components/second-step";
import { Sessions } from "./_components/sessions";
import { Tokens } from "./_components/tokens";

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await getTranslate())("shell.account") });

export default async function AccountPage({ searchParams }: PageProps<"/account">) {
  await allow("signed in");
  const { connected } = await searchParams;
  const provider = singleSignOn()?.name ?? null;
  const user = await currentUser();
  if (!user?.id) redirect("/"); // on one's own machine there are no accounts
  const t = await getTranslate();
  const about = t("role.is", { role: t(`role.${user.role}`), about: t(`role.about.${user.role}`) });
  return (
    <Providers>
      <Page>
        <PageHeader title={user.name} about={about}>
          <LanguageSelect />
        </PageHeader>
        <PageMessages groups={["access"]}>
          <div className="grid gap-4">
            <Sessions sessions={sessionsOf(user.id, user.sessionId)} now={Date.now()} />
            <Tokens tokens={tokensOf(user.id)} role={user.role} now={Date.now()} />
            {hasPassword(user.id) ? (
              <>
                <ChangePassword />
                <Passkeys
                  passkeys={passkeysOf(user.id)}
                  user={user.name ?? ""}
                  work={passkeysWork()}
                  now={Date.now()}
                />
                <SecondStep isOn={hasSecondStep(user.id)} />
                {provider && (
                  <Connection provider={provider} linked={isLinked(user.id)} isRefused={connected === "no"} />
                )}
              </>
            ) : (
              <Card title={t("access.password")}>
                {t("access.bySingleSignOn", { provider: provider ?? t("access.singleSignOn") })}
              </Card>
            )}
            <OwnData />
          </div>
        </PageMessages>
      </Page>
    </Providers>
  );
}
