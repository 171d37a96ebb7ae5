// The models that OpenAI's API offers here: bases, and runs that trained a policy.
import "server-only";
import { z } from "zod";
import { listModels } from "../models/list-models";
import { runsToChatWith } from "../runs/chat";

/** As `GET /v1/models` has them. */
export const servedModels = z.object({
  object: z.literal("list"),
  data: z.array(
    z.object({ id: z.string(), object: z.literal("model"), created: z.number(), owned_by: z.literal("workbench") }),
  ),
});

export async function listServed(now: number): Promise<z.infer<typeof servedModels>> {
  const bases = (await listModels()).filter(({ kind, scores, bytes }) => kind === "base" && !scores && bytes !== null);
  const names = [...bases.map(({ id }) => `base:${id}`), ...runsToChatWith().map(({ id }) => `run:${id}`)];
  const created = Math.floor(now / 1000);
  const data = names.map((id) => ({ id, object: "model", created, owned_by: "workbench" }) as const);
  return { object: "list", data };
}
