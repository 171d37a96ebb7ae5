import { presentOn } from "@/lib/annotation/judging/presence";
import { presentPeople } from "@/lib/annotation/judging/presence-schema";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { handle } from "@/lib/http/handle";

/** Who is annotating the dataset now, whoever did something last first. */
export const GET = handle(
  "read",
  { answer: presentPeople },
  async (_, { params }: RouteContext<"/api/queues/[id]/present">) => presentOn(await queueIn(params), Date.now()),
);
