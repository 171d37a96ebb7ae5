import { handle } from "@/lib/http/handle";
import { testWebhook } from "@/lib/runner/webhook";

/** Sends the webhook a test, and tells what it answered. */
export const POST = handle("administer", async () => {
  return Response.json({ status: await testWebhook() });
});
