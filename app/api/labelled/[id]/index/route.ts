import { indexOf } from "@/lib/datasets/labelled/index-work";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { handle } from "@/lib/http/handle";

type Context = RouteContext<"/api/labelled/[id]/index">;

/** How far the index of the rows is, which this starts. */
export const GET = handle<Context>("read", async (_, { params }) =>
  Response.json(indexOf(liveLabelledOf((await params).id))),
);

/** Begins again where the index failed or was cancelled. */
export const POST = handle<Context>("write", async (_, { params }) =>
  Response.json(indexOf(liveLabelledOf((await params).id), true)),
);
