import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { allow } from "@/lib/access/allow";
import { currentUser } from "@/lib/access/current-user";
import { SignIn } from "./_components/sign-in";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  await allow("public");
  if (await currentUser()) redirect("/"); // also on one's own machine, where there are no accounts
  const { to } = await searchParams;
  return <SignIn to={ownPath(to)} />;
}

/** A path of this workbench: nobody is led elsewhere by an address that they were sent. */
const ownPath = (to: unknown): string => (typeof to === "string" && /^\/(?![/\\])/.test(to) ? to : "/");
