import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { conditionAt } from "@/lib/health/condition";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { Rail } from "./ui/rail";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Alignment workbench", template: "%s · Alignment workbench" },
  description: "Annotate answers, train models on the preferences, compare the runs.",
};
export const viewport: Viewport = { width: "device-width", initialScale: 1 };

// Before the first paint, so that a dark page never flashes white.
const theme = `document.documentElement.dataset.theme = localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")`;

/** What conditionAt says, kept up to date. Not a component: the annotation screen's JavaScript is counted in bytes. */
const condition = `setInterval(async () => {
  if (document.hidden) return;
  const health = await fetch("/api/health").then((answer) => answer.json()).catch(() => null); // a page of a server that has ended
  if (!health) return;
  const element = document.getElementById("condition");
  if (element.textContent !== (health.condition ?? "")) element.textContent = health.condition ?? "";
}, 10000)`;

export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection(); // every page reads SQLite: none may be rendered at build time
  const annotator = await currentAnnotator();
  const nonce = (await headers()).get("x-nonce") ?? undefined; // of proxy.ts; browsers hide it from the page
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: constants of this file */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: `${theme};${condition}` }} />
      </head>
      <body className="min-h-dvh">
        <a
          href="#main"
          className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-surface focus:px-3 focus:py-2"
        >
          Skip to content
        </a>
        {/* over the rail's empty part, or over the top of a phone's page, so that nothing moves when it comes and goes */}
        <p
          id="condition"
          role="status"
          suppressHydrationWarning
          className="pointer-events-none fixed inset-x-2 top-2 z-40 rounded-md border border-warn bg-surface p-2 text-xs empty:border-0 empty:p-0 md:inset-x-auto md:top-auto md:bottom-14 md:left-3 md:w-46"
        >
          {conditionAt(Date.now()) ?? ""}
        </p>
        <div className="flex min-h-dvh flex-col md:flex-row">
          <Rail name={annotator?.name ?? null} />
          <main id="main" className="min-w-0 flex-1 pb-20 md:pb-0">
            {children}
          </main>
        </div>
      </body>
    </html>
  );
}
