// Pages answer to the workbench's own names only (DNS rebinding), and run no script but their own. Routes under /api check for themselves in
// lib/http/handle.ts: where a proxy matches, Next cuts request bodies at 10 MiB.
import { type NextRequest, NextResponse } from "next/server";
import { teamUrl } from "./common/env";
import { isOwnHost } from "./lib/http/own-host";

export function proxy(request: NextRequest): NextResponse {
  const host = request.headers.get("host") ?? "";
  const { pathname, search } = request.nextUrl;
  if (!isOwnHost(host, pathname))
    return new NextResponse(`This workbench answers on ${teamUrl()?.host ?? "localhost only"}, not as ${host}.`, {
      status: 400,
    });
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce); // for the layout's own script
  headers.set("x-path", `${pathname}${search}`); // for lib/access/allow.ts, to come back after signing in
  headers.set("content-security-policy", pagePolicy(nonce)); // Next reads the nonce from here for its scripts
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", pagePolicy(nonce));
  if (teamUrl()?.protocol === "https:") response.headers.set("strict-transport-security", "max-age=31536000");
  return response;
}

/** What reloads pages under `npm run dev` evaluates scripts. */
const evaluation = process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : "";

/** Styles may stand in attributes: KaTeX and the charts place what they draw with them. */
const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'${evaluation}`,
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

export const config = { matcher: "/((?!api/|_next/).*)" };
