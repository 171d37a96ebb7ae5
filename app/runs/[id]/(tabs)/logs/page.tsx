import { allow } from "@/lib/access/allow";
import { LogsTab } from "../../_components/logs-tab";

export default async function LogsTabPage() {
  await allow("read");
  return <LogsTab />;
}
