import { allow } from "@/lib/access/allow";
import { EvaluationsTab } from "../../_components/evaluations-tab";

export default async function EvaluationsTabPage() {
  await allow("read");
  return <EvaluationsTab />;
}
