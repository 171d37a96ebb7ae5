import { handle } from "@/lib/http/handle";
import { linesInput } from "@/lib/runs/compare/compare-schema";
import { linesOf } from "@/lib/runs/compare/compared-runs";

export const GET = handle("read", (request) => {
  const input = linesInput.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(linesOf(input));
});
