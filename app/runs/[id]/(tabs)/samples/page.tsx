import { allow } from "@/lib/access/allow";
import { SamplesTab } from "../../_components/samples-tab";

export default async function SamplesTabPage() {
  await allow("read");
  return <SamplesTab />;
}
