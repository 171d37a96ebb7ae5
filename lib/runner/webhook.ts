// A word to somewhere else when a run raises an alert or ends: Slack, Discord's Slack form, or a script of one's own.
import { webhook } from "../../common/env";

export interface News {
  /** One line, which chat programs show. */
  text: string;
  run: { id: string; name: string };
  kind: "alert" | "finished" | "stopped" | "failed";
}

const patienceMs = 5000;

/** Posts to WORKBENCH_WEBHOOK, where it is set. Nothing waits for it, and nothing fails with it: a problem is only said. */
export async function tell(news: News): Promise<void> {
  const url = webhook();
  if (!url) return;
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(news),
      signal: AbortSignal.timeout(patienceMs),
    });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  } catch (error) {
    process.stderr.write(`webhook: ${error instanceof Error ? error.message : error}\n`);
  }
}
