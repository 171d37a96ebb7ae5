import { allow } from "@/lib/access/allow";
import { DataTab } from "../../_components/data-tab";

export default async function DataTabPage() {
  await allow("read");
  return <DataTab />;
}
