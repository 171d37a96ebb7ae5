import type { Metadata } from "next";
import { getTranslate } from "./_messages/get-translate";
import { buttonClass } from "./ui/buttons";
import { Page, PageHeader } from "./ui/screen";

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await getTranslate())("shell.notFound") });

/** In the frame of all pages, so that the way on is where it always is. Plain links: Next's would be loaded with the annotation screen too. */
export default async function NotFound() {
  const t = await getTranslate();
  return (
    <Page>
      <PageHeader title={t("shell.notFound")} about={t("shell.notFoundAbout")}>
        <a href="/datasets" className={buttonClass()}>
          {t("shell.allDatasets")}
        </a>
        <a href="/runs" className={buttonClass()}>
          {t("shell.allRuns")}
        </a>
      </PageHeader>
    </Page>
  );
}
