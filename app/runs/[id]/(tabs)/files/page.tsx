import { allow } from "@/lib/access/allow";
import { FilesTab } from "../../_components/files-tab";

export default async function FilesTabPage() {
  await allow("read");
  return <FilesTab />;
}
