import { prometheusText, prometheusType } from "@/lib/health/prometheus";
import { handle } from "@/lib/http/handle";

export const GET = handle(
  "administer",
  () => new Response(prometheusText(Date.now()), { headers: { "content-type": prometheusType } }),
);
