import { indexState } from "@/lib/datasets/labelled/labelled-schema";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { statisticsState } from "@/lib/datasets/labelled/versions/version-statistics";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

type Context = RouteContext<"/api/labelled/[id]/statistics">;

/** Whether the statistics of the newest version are there, or how far they are. */
export const GET = handle("read", { answer: indexState }, async (_, { params }: Context) =>
  statisticsState(liveLabelledOf((await params).id), "no"),
);

/** Makes them. */
export const POST = handle("write", { answer: indexState }, async (_, { params }: Context) => {
  await requireAnnotator();
  return statisticsState(liveLabelledOf((await params).id), "again");
});
