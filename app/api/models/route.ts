import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { describeModel } from "@/lib/models/describe-model";

const query = z.object({ source: z.string().trim().min(1).max(4096) });

/** What a model is that the launch form names, or what is wrong with it. */
export const GET = handle(async (request) =>
  Response.json(await describeModel(query.parse(Object.fromEntries(new URL(request.url).searchParams)).source)),
);
