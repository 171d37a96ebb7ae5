// Pages answer to this machine's own names only (DNS rebinding). Routes under /api check for themselves in lib/http.ts:
// where a proxy matches, Next cuts request bodies at 10 MiB.
import { type NextRequest, NextResponse } from "next/server";
import { isLocalHost } from "./lib/local-host";

export function proxy(request: NextRequest): NextResponse {
  const host = request.headers.get("host") ?? "";
  if (isLocalHost(host)) return NextResponse.next();
  return new NextResponse(`This workbench answers on localhost only, not as ${host}.`, { status: 400 });
}

export const config = { matcher: "/((?!api/|_next/).*)" };
