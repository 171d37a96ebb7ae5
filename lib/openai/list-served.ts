// The models that OpenAI's API offers here: bases, and runs that trained a policy.
import "server-only";
import { listModels } from "../models/list-models";
import { runsToChatWith } from "../runs/chat";

/** As `GET /v1/models` has them. */
export async function listServed(now: number): Promise<object> {
  const bases = (await listModels()).filter(({ kind, scores, bytes }) => kind === "base" && !scores && bytes !== null);
  const names = [...bases.map(({ id }) => `base:${id}`), ...runsToChatWith().map(({ id }) => `run:${id}`)];
  const created = Math.floor(now / 1000);
  return { object: "list", data: names.map((id) => ({ id, object: "model", created, owned_by: "workbench" })) };
}
