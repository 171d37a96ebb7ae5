import type { Metadata } from "next";
import { buttonClass } from "./ui/buttons";
import { Page, PageHeader } from "./ui/screen";

export const metadata: Metadata = { title: "Not permitted" };

/** Of a page that one's role does not show. Plain links: Next's would be loaded with the annotation screen too. */
export default function Forbidden() {
  return (
    <Page>
      <PageHeader
        title="Not permitted"
        about="Your role does not let you see this page. An owner of the workbench can give you another one, on the page Team."
      >
        <a href="/" className={buttonClass()}>
          Home
        </a>
      </PageHeader>
    </Page>
  );
}
