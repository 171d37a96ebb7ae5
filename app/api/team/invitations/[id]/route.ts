import { z } from "zod";
import { takeBack } from "@/lib/access/invitations";
import { handle } from "@/lib/http/handle";

/** Takes an invitation back: its link is of no use any more. */
export const DELETE = handle(
  "administer",
  { answer: z.null() },
  async (_, { params }: RouteContext<"/api/team/invitations/[id]">) => {
    takeBack(Number((await params).id), Date.now());
    return null;
  },
);
