"use client";
import { Button } from "./ui/buttons";
import { Page, PageHeader } from "./ui/screen";

/** Where a page cannot be made; the navigation stays. The server's log has the cause, under `digest`. */
export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  return (
    <Page>
      <PageHeader
        title="This page failed to load"
        about={`Something went wrong${error.digest ? ` on the server; its log has the cause under number ${error.digest}` : ""}. Nothing you saved is lost.`}
      >
        <Button onClick={() => location.reload()}>Try again</Button>
      </PageHeader>
    </Page>
  );
}
