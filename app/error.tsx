"use client";

import { usePathname } from "next/navigation";
import { useTranslate } from "./_messages/use-translate";
import { Button } from "./ui/buttons";

/** Where a page cannot be made; the navigation stays. The server's log has the cause, under `digest`. Every page loads it at once: it is small. */
export default function ErrorPage({ error: { digest, message } }: { error: Error & { digest?: string } }) {
  const t = useTranslate();
  const report = `${usePathname()}: ${digest ? `error ${digest} of the server's log` : message}`;
  return (
    <section className="px-4 py-6 sm:px-6">
      <h1 className="text-xl">{t("shell.failed")}</h1>
      <p className="mt-1 mb-4 text-soft">{digest ? t("shell.failedThere", { digest }) : t("shell.failedHere")}</p>
      <Button kind="primary" onClick={() => location.reload()}>
        {t("shell.tryAgain")}
      </Button>{" "}
      <Button onClick={() => navigator.clipboard.writeText(report)}>{t("shell.copyReport")}</Button>
      <a href="/" className="px-2 text-accent underline">
        {t("shell.home")}
      </a>
    </section>
  );
}
