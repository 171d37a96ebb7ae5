import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { mailServer, singleSignOn } from "@/common/env";
import { allow } from "@/lib/access/allow";
import { currentUser } from "@/lib/access/current-user";
import { passkeysWork } from "@/lib/access/passkeys";
import { ownPath } from "@/lib/http/own-path";
import { getTranslate, PageMessages } from "../_messages/get-translate";
import { SignIn } from "./_components/sign-in";

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await getTranslate())("access.signIn") });

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  await allow("public");
  if (await currentUser()) redirect("/"); // also on one's own machine, where there are no accounts
  const { to, refused } = await searchParams;
  return (
    <PageMessages groups={["access"]}>
      <SignIn
        to={ownPath(to)}
        passkeys={passkeysWork()}
        provider={singleSignOn()?.name ?? null}
        mails={mailServer() !== null}
        isRefused={refused !== undefined}
      />
    </PageMessages>
  );
}
