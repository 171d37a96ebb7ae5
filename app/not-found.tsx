import type { Metadata } from "next";
import Link from "next/link";
import { buttonClass } from "./ui/buttons";
import { Page, PageHeader } from "./ui/screen";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <Page>
      <PageHeader
        title="Not found"
        about="There is nothing at this address. It may be mistyped, or belong to another installation."
      >
        <Link href="/datasets" className={buttonClass()}>
          All data
        </Link>
        <Link href="/runs" className={buttonClass()}>
          All runs
        </Link>
      </PageHeader>
    </Page>
  );
}
