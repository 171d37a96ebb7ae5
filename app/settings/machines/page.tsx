import type { Metadata } from "next";
import { allow } from "@/lib/access/allow";
import { listMachines } from "@/lib/machines/machines";
import { Page, PageHeader } from "../../ui/screen";
import { Machines } from "./_components/machines";

export const metadata: Metadata = { title: "Machines" };

export default async function MachinesPage() {
  await allow("administer");
  return (
    <Page>
      <PageHeader
        title="Machines"
        about="Where runs may be trained beside this machine: a Slurm or Ray cluster, or whatever shell commands reach. They need this workbench's folder and its data folder at the same paths."
      />
      <Machines machines={listMachines()} />
    </Page>
  );
}
