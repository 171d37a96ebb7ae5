import { prometheusText, prometheusType } from "@/lib/health/prometheus";
import { handle } from "@/lib/http/handle";

/** The same as health, votes and the process, for Prometheus. */
export const GET = handle(
  "administer",
  { answer: ["text/plain"] },
  () => new Response(prometheusText(Date.now()), { headers: { "content-type": prometheusType } }),
);
