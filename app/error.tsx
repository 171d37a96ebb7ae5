"use client";

import { usePathname } from "next/navigation";
import { Button } from "./ui/buttons";
import { Page, PageHeader } from "./ui/screen";

/** Where a page cannot be made; the navigation stays. The server's log has the cause, under `digest`. */
export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  const path = usePathname();
  const report = `${path}: ${error.digest ? `error ${error.digest} of the server's log` : error.message}`;
  return (
    <Page>
      <PageHeader
        title="This page failed to load"
        about={`Something went wrong${error.digest ? ` on the server; its log has the cause under number ${error.digest}` : ""}. Nothing you saved is lost.`}
      >
        <Button kind="primary" onClick={() => location.reload()}>
          Try again
        </Button>
        <Button onClick={() => navigator.clipboard.writeText(report)}>Copy for a report</Button>
        <a href="/" className="px-2 text-accent underline">
          Home
        </a>
      </PageHeader>
    </Page>
  );
}
