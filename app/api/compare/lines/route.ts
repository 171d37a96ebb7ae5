import { linesOf } from "@/lib/compare/queries";
import { linesInput } from "@/lib/compare/schema";
import { handle } from "@/lib/http";

export const GET = handle((request) => {
  const input = linesInput.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(linesOf(input));
});
