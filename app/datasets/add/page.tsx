import type { Metadata } from "next";
import { Page, PageHeader } from "../../ui/screen";
import { AddData } from "./_components/add-data";

export const metadata: Metadata = { title: "Add data" };

export default function AddDataPage() {
  return (
    <Page>
      <PageHeader
        title="Add data"
        about="Files, a folder or a dataset of the Hugging Face Hub become one dataset: to train on its labels at once, or for people to annotate."
      />
      <AddData />
    </Page>
  );
}
