import { allow } from "@/lib/access/allow";
import { Overview } from "../_components/overview";

export default async function OverviewPage() {
  await allow("read");
  return <Overview />;
}
