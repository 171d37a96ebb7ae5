import { indexOf } from "@/lib/datasets/labelled/index-work";
import { indexState } from "@/lib/datasets/labelled/labelled-schema";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { handle } from "@/lib/http/handle";

type Context = RouteContext<"/api/labelled/[id]/index">;

/** How far the index of the rows is, which this starts. */
export const GET = handle("read", { answer: indexState }, async (_, { params }: Context) =>
  indexOf(liveLabelledOf((await params).id)),
);

/** Begins again where the index failed or was cancelled. */
export const POST = handle("write", { answer: indexState }, async (_, { params }: Context) =>
  indexOf(liveLabelledOf((await params).id), true),
);
