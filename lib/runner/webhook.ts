// Webhook notifications when a run raises an alert or ends: Slack, Discord's Slack format, or a script of one's own.
import { webhook } from "../../common/env";
import { log } from "../logging/log";

export interface RunNotification {
  /** One line, which chat programs show. */
  text: string;
  run: { id: string; name: string };
  kind: "alert" | "finished" | "stopped" | "failed";
}

const timeoutMs = 5000;

/** Posts to WORKBENCH_WEBHOOK, where it is set. Nothing waits for it, and nothing fails with it: a problem is only said. */
export async function notifyWebhook(notification: RunNotification): Promise<void> {
  const url = webhook();
  if (!url) return;
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(notification),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  } catch (error) {
    log().warn({ err: error }, "the webhook was not told");
  }
}
