import { handle } from "@/lib/http/handle";
import { testWebhook } from "@/lib/runner/webhook";
import { webhookHeard } from "@/lib/settings/settings-schema";

/** Sends the webhook a test, and tells what it answered. */
export const POST = handle("administer", { answer: webhookHeard }, async () => ({ status: await testWebhook() }));
