import type { Metadata } from "next";
import { getTranslate } from "./_messages/get-translate";
import { buttonClass } from "./ui/buttons";
import { Page, PageHeader } from "./ui/screen";

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await getTranslate())("shell.forbidden") });

/** Of a page that one's role does not show. Plain links: Next's would be loaded with the annotation screen too. */
export default async function Forbidden() {
  const t = await getTranslate();
  return (
    <Page>
      <PageHeader title={t("shell.forbidden")} about={t("shell.forbiddenAbout")}>
        <a href="/" className={buttonClass()}>
          {t("shell.home")}
        </a>
      </PageHeader>
    </Page>
  );
}
