import type { Metadata } from "next";
import { Suspense } from "react";
import { allow } from "@/lib/access/allow";
import { storageReport } from "@/lib/storage/report";
import { sizeWords, storageKinds } from "@/lib/storage/storage-schema";
import { Card } from "../../ui/cards";
import { Page, PageHeader } from "../../ui/screen";
import { CleanUp } from "./_components/clean-up";
import { SharedSizes } from "./_components/shared-sizes";
import { Sizes } from "./_components/sizes";

export const metadata: Metadata = { title: "Storage" };

export default async function StoragePage() {
  await allow("administer");
  const { folder, disk, sizes, unneeded } = await storageReport(Date.now());
  const total = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
  return (
    <Page>
      <PageHeader
        title="Storage"
        about={`${sizeWords(total)} in ${folder}; ${sizeWords(disk.free)} of ${sizeWords(disk.size)} are free on its disk.`}
      />
      <div className="grid gap-4">
        <Card title="What takes room">
          <Sizes label="What takes room" kinds={storageKinds} sizes={sizes} />
        </Card>
        <CleanUp unneeded={unneeded} />
        <Card title="Shared by all clones">
          <Suspense fallback={<p className="min-h-40 text-soft">Measuring…</p>}>
            <SharedSizes />
          </Suspense>
        </Card>
      </div>
    </Page>
  );
}
