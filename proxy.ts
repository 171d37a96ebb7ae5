// Pages answer to this machine's own names only (DNS rebinding). Routes under /api check for themselves in lib/http.ts:
// where a proxy matches, Next cuts request bodies at 10 MiB.
import { type NextRequest, NextResponse } from "next/server";

export function proxy(request: NextRequest): NextResponse {
  const host = request.headers.get("host") ?? "";
  if (/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)) return NextResponse.next();
  return new NextResponse(`This workbench answers on localhost only, not as ${host}.`, { status: 400 });
}

export const config = { matcher: "/((?!api/|_next/).*)" };
