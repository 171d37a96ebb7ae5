"use client";
import { Button } from "./ui/buttons";
import { Page, PageHeader } from "./ui/screen";

/** Where a page cannot be made; the navigation stays. The server's log says why, and `digest` where in it. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Page>
      <PageHeader
        title="This page cannot be shown"
        about={`Something went wrong on the server; its log says what${error.digest ? `, beside the number ${error.digest}` : ""}. Nothing that you saved is lost.`}
      >
        <Button onClick={reset}>Try again</Button>
      </PageHeader>
    </Page>
  );
}
