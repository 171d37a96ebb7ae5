import { z } from "zod";
import { peopleOn } from "@/lib/annotation/comments/people";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { handle } from "@/lib/http/handle";

/** Names of those who may see or annotate the dataset, whom comments can mention. */
export const GET = handle(
  "annotate",
  { answer: z.array(z.string()) },
  async (_, { params }: RouteContext<"/api/queues/[id]/people">) =>
    peopleOn(await queueIn(params)).map(({ name }) => name),
);
