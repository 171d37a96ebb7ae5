// A run's reward at an address, by OpenRLHF's remote protocol (0.11): {"query", "prompts", "labels"} posted as JSON, {"rewards", "scores"} back.
import { createServer, type IncomingMessage, type Server } from "node:http";
import { json } from "node:stream/consumers";
import { z } from "zod";
import { explain } from "../../common/explain";
import type { ChatTokenizer } from "../models/tokenizer";
import { completion, type ScoredCompletions } from "./score-completions";

const row = completion.omit({ completion_ids: true });

const posted = z.object({
  /** Prompts as the policy read them, with what it wrote after them. */
  query: z.array(z.string()).min(1),
  prompts: z.array(z.string()),
  /** A row's, as `export-openrlhf` writes them. */
  labels: z.array(z.string()),
  /** What this project's own runs and scores send beside the labels. */
  rows: z.array(row).optional(),
});

/** `score` is the run's reward. Answers 500 with a sentence where there is none. */
export function rewardServer(
  score: (asked: unknown) => ScoredCompletions,
  tokenizer: Pick<ChatTokenizer, "encode" | "ends">,
): Server {
  /** Up to the token that ends it: a template may put a line break after that. */
  const idsAfter = (prompt: string, query: string) => {
    const ids = tokenizer.encode(query).slice(tokenizer.encode(prompt).length);
    const end = ids.findIndex((id) => tokenizer.ends.has(id));
    return end < 0 ? ids : ids.slice(0, end + 1);
  };
  const scored = async (request: IncomingMessage) => {
    const { query, prompts, labels, rows } = posted.parse(await json(request));
    const asked = query.map((text, i) => ({
      ...(rows?.[i] ?? row.parse(JSON.parse(labels[i]!))),
      completion_ids: idsAfter(prompts[i]!, text),
    }));
    const { scores, parts } = score(asked);
    if (scores.includes(null)) throw new Error("a completion has no reward, and OpenRLHF needs one for each");
    return { rewards: scores, scores, extra_logs: parts };
  };
  return createServer(async (request, response) => {
    const [status, answer] = await scored(request).then(
      (rewards) => [200, rewards] as const,
      (error: unknown) => [500, { error: explain(error) }] as const,
    );
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
}
