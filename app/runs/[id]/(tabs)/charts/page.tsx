import { allow } from "@/lib/access/allow";
import { ChartsTab } from "../../_components/charts-tab";

export default async function ChartsTabPage() {
  await allow("read");
  return <ChartsTab />;
}
