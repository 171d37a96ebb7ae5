import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { teamUrl } from "@/common/env";
import { directionOf, type Language } from "@/common/written-language";
import { allow } from "@/lib/access/allow";
import { asServer } from "@/lib/access/asked";
import { askedLanguage } from "@/lib/access/asked-language";
import { currentUser } from "@/lib/access/current-user";
import { permittedTo } from "@/lib/access/dataset-roles";
import { conditionAt } from "@/lib/health/condition";
import { someMessages, translate } from "@/lib/messages/messages";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { pageLanguage } from "./_messages/get-translate";
import { PageLanguage } from "./_messages/page-language";
import { Frame } from "./_shell/frame";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Alignment workbench", template: "%s · Alignment workbench" },
  description: "Annotate answers, train models on the preferences, compare the runs.",
};
export const viewport: Viewport = { width: "device-width", initialScale: 1 };

/** Before the first paint, so that a dark page never flashes white and the rail never jumps; app/ui/theme.ts, app/ui/text-size.ts and app/_shell/rail.tsx store the choices. */
const looks = `{
  const page = document.documentElement.dataset;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const chosen = localStorage.getItem("theme");
    page.theme = chosen === "light" || chosen === "dark" ? chosen : system.matches ? "dark" : "light";
    dispatchEvent(new Event("themechange"));
  };
  paint();
  system.addEventListener("change", paint);
  for (const cause of ["themechoice", "storage"]) addEventListener(cause, paint);
  for (const kept of ["rail", "steps", "text"]) page[kept] = localStorage.getItem(kept) ?? "";
}`;

/**
 * Zod would try whether it may write code of its own; the page's policy (proxy.ts) forbids that, and the browser would report the attempt. Said
 * here, since the first schema asks, in whichever file it stands.
 */
const zod = "globalThis.__zod_globalConfig = { jitless: true }";

/** What conditionAt says, kept up to date. Not a component: the annotation screen's JavaScript is counted in bytes. */
const condition = `setInterval(async () => {
  if (document.hidden) return;
  const health = await fetch("/api/health").then((answer) => answer.json()).catch(() => null); // a page of a server that has ended
  if (!health) return;
  const element = document.getElementById("condition");
  if (element && element.textContent !== (health.condition ?? "")) element.textContent = health.condition ?? "";
}, 10000)`;

const scripts = `${zod};${looks}${condition}`;

const onEveryPage = (language: Language) => ({
  language,
  messages: someMessages(language, ["shell", "palette", "mention", "comment", "name", "error"]),
});

export default async function RootLayout({ children }: { children: ReactNode }) {
  await allow("public");
  const user = await currentUser();
  const annotator = await asServer(currentAnnotator);
  const [own, shown] = [await askedLanguage(), await pageLanguage()];
  const nonce = (await headers()).get("x-nonce") ?? undefined; // of proxy.ts; browsers hide it from the page
  return (
    // what one may not use is not shown (globals.css); that it cannot be used is for each page and route to see to
    <html
      lang={shown}
      dir={directionOf(shown)}
      data-may={permittedTo(user)}
      data-team={teamUrl() ? "" : undefined}
      suppressHydrationWarning
    >
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: constants of this file */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: scripts }} />
      </head>
      <body className="min-h-dvh">
        <a
          href="#main"
          className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:start-2 focus:z-50 focus:rounded-md focus:bg-surface focus:px-3 focus:py-2"
        >
          {translate(shown, "shell.skip")}
        </a>
        {/* over the empty middle of the bar at the top, so that nothing moves when it comes and goes */}
        <p
          id="condition"
          role="status"
          suppressHydrationWarning
          className="pointer-events-none fixed inset-x-2 top-1 z-40 mx-auto w-fit max-w-2xl rounded-md border border-warn bg-surface px-2 py-1 text-xs empty:border-0 empty:p-0"
        >
          {asServer(() => conditionAt(Date.now())) ?? ""}
        </p>
        <PageLanguage own={onEveryPage(own)} english={own === "en" ? null : onEveryPage("en")}>
          <Frame name={annotator?.name ?? null}>{children}</Frame>
        </PageLanguage>
      </body>
    </html>
  );
}
