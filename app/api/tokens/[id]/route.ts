import { z } from "zod";
import { ownToken } from "@/lib/access/access-schema";
import { requireUser } from "@/lib/access/current-user";
import { endToken, tokensOf } from "@/lib/access/tokens";
import { handle } from "@/lib/http/handle";

/** Ends one of one's own tokens. */
export const DELETE = handle(
  "signed in",
  { answer: z.array(ownToken) },
  async (_, { params }: RouteContext<"/api/tokens/[id]">) => {
    const { id } = await requireUser();
    endToken(id, Number((await params).id));
    return tokensOf(id);
  },
);
