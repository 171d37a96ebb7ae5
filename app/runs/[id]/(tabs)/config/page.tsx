import { allow } from "@/lib/access/allow";
import { ConfigTab } from "../../_components/config-tab";

export default async function ConfigTabPage() {
  await allow("read");
  return <ConfigTab />;
}
