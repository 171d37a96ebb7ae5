// Who may see a page. Every page asks before it reads anything (test/access.test.ts).
import "server-only";
import type { Route } from "next";
import { headers } from "next/headers";
import { forbidden, notFound, redirect } from "next/navigation";
import { connection } from "next/server";
import { cache } from "react";
import { rowNumber } from "../../common/row-number";
import { may, type Permission } from "../../spec/roles";
import { type Asked, ofPage } from "./asked";
import { currentUser } from "./current-user";
import { type DatasetRef, roleFor } from "./dataset-roles";

/** The parameters of the address of a dataset's page. */
type DatasetPage = { annotate: Promise<{ id: string }> } | { labelled: Promise<{ id: string }> };

async function refOf(page: DatasetPage): Promise<DatasetRef | null> {
  const [kind, params] =
    "annotate" in page ? (["annotate", page.annotate] as const) : (["labelled", page.labelled] as const);
  const id = rowNumber((await params).id);
  return id === null ? null : { kind, id };
}

/**
 * Whoever has not signed in is sent to do so and comes back; whoever may not see it is told. Rendered for each request. What everybody may see
 * opens no database: the layout of all pages is one, and would open them to any page in it.
 */
export async function allow(permission: Permission, dataset?: DatasetPage): Promise<void> {
  await connection();
  if (permission === "public") return;
  const user = await currentUser();
  const role = roleFor(user, permission, dataset ? await refOf(dataset) : null);
  if (may(role, permission)) {
    ofPage(() => cache((): { asked: Asked | null } => ({ asked: null }))).asked = { user, permission };
    return;
  }
  if (user) return role === null ? notFound() : forbidden();
  const path = (await headers()).get("x-path") ?? "/"; // of proxy.ts
  redirect(`/sign-in?to=${encodeURIComponent(path)}` as Route);
}
