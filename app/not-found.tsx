import type { Metadata } from "next";
import { buttonClass } from "./ui/buttons";
import { Page, PageHeader } from "./ui/screen";

export const metadata: Metadata = { title: "Not found" };

/** In the frame of all pages, so that the way on is where it always is. Plain links: Next's would be loaded with the annotation screen too. */
export default function NotFound() {
  return (
    <Page>
      <PageHeader
        title="Not found"
        about="There is nothing at this address. It may be mistyped, deleted, or belong to another installation. Press Ctrl K to search by name."
      >
        <a href="/datasets" className={buttonClass()}>
          All datasets
        </a>
        <a href="/runs" className={buttonClass()}>
          All runs
        </a>
      </PageHeader>
    </Page>
  );
}
