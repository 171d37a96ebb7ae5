// Webhook notifications when a run raises an alert or ends: Slack, Discord's Slack format, or a script of one's own.
import { webhook } from "../../common/env";
import { AppError } from "../../spec/errors";
import { log } from "../logging/log";

export interface RunNotification {
  /** One line, which chat programs show. */
  text: string;
  run: { id: string; name: string };
  kind: "alert" | "finished" | "stopped" | "failed";
}
type Message = RunNotification | { text: string; kind: "test" };

const timeoutMs = 5000;

async function post(url: string, message: Message): Promise<number> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  return answer.status;
}

/** Posts to WORKBENCH_WEBHOOK, where it is set. Nothing waits for it, and nothing fails with it: a problem is only said. */
export async function notifyWebhook(notification: RunNotification): Promise<void> {
  const url = webhook();
  if (!url) return;
  await post(url, notification).catch((error: unknown) => log().warn({ err: error }, "the webhook was not told"));
}

/** The status that WORKBENCH_WEBHOOK answers to a test; what is wrong with it, in a sentence. */
export async function testWebhook(): Promise<number> {
  const url = webhook();
  if (!url)
    throw new AppError(
      400,
      "WORKBENCH_WEBHOOK is not set; start the workbench with it: WORKBENCH_WEBHOOK=ADDRESS npm start",
    );
  try {
    return await post(url, { text: "A test of the alignment workbench's webhook", kind: "test" });
  } catch (cause) {
    const { message, cause: deeper } = cause as Error;
    const why = deeper instanceof Error ? `${message}: ${deeper.message}` : message;
    throw new AppError(503, `The webhook ${hostOf(url)} was not told: ${why}.`, { cause });
  }
}

/** An address of a chat program has its password in its path: only the host is shown. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "whose address cannot be read";
}
