"use client";
import { useRouter } from "next/navigation";
import { startTransition } from "react";
import { Button } from "./ui/buttons";
import { Page, PageHeader } from "./ui/screen";

/** Where a page cannot be made; the navigation stays. The server's log has the cause, under `digest`. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const router = useRouter();
  // A reset alone draws what the server sent before; the refresh has it make the page anew.
  const retry = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  return (
    <Page>
      <PageHeader
        title="This page failed to load"
        about={`Something went wrong${error.digest ? ` on the server; its log has the cause under number ${error.digest}` : ""}. Nothing you saved is lost.`}
      >
        <Button onClick={retry}>Try again</Button>
      </PageHeader>
    </Page>
  );
}
