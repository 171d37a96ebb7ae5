import type { Metadata } from "next";
import { storageReport } from "@/lib/storage/report";
import { type StorageKind, sizeWords, storageKinds } from "@/lib/storage/storage-schema";
import { Card } from "../ui/cards";
import { Page, PageHeader } from "../ui/screen";
import { Table } from "../ui/table";
import { CleanUp } from "./_components/clean-up";

export const metadata: Metadata = { title: "Storage" };

export default async function StoragePage() {
  const { folder, disk, sizes, unneeded } = await storageReport(Date.now());
  const kinds = (Object.keys(storageKinds) as StorageKind[]).filter((kind) => sizes[kind] > 0);
  const total = kinds.reduce((sum, kind) => sum + sizes[kind], 0);
  return (
    <Page>
      <PageHeader
        title="Storage"
        about={`${sizeWords(total)} in ${folder}; ${sizeWords(disk.free)} of ${sizeWords(disk.size)} are free on its disk.`}
      />
      <div className="grid gap-4">
        <Card title="What takes room">
          <section className="overflow-x-auto" tabIndex={0} aria-label="What takes room: table">
            <Table
              rows={kinds}
              keyOf={(kind) => kind}
              columns={[
                { name: "Kind", cell: (kind) => storageKinds[kind].label },
                {
                  name: "Size",
                  numeric: true,
                  cell: (kind) => <span className="whitespace-nowrap">{sizeWords(sizes[kind])}</span>,
                },
                {
                  name: "What it is",
                  cell: (kind) => <span className="text-soft">{storageKinds[kind].about}</span>,
                },
              ]}
            />
          </section>
        </Card>
        <CleanUp unneeded={unneeded} />
      </div>
    </Page>
  );
}
