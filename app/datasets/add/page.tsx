import type { Metadata } from "next";
import { z } from "zod";
import { allow } from "@/lib/access/allow";
import { uploadStateOf } from "@/lib/datasets/uploads/upload-work";
import { buttonClass } from "../../ui/buttons";
import { Link } from "../../ui/link";
import { Page, PageHeader } from "../../ui/screen";
import { AddData } from "./_components/add-data";
import type { Known } from "./_components/use-upload";

export const metadata: Metadata = { title: "Add data" };

export default async function AddDataPage({ searchParams }: PageProps<"/datasets/add">) {
  await allow("write");
  const { upload } = await searchParams;
  return (
    <Page>
      <PageHeader
        title="Add data"
        about="Files, a folder or a dataset of the Hugging Face Hub become one dataset: to train on its labels at once, or for people to annotate."
      >
        <Link href="/datasets/add/documents" className={buttonClass("plain")}>
          From documents
        </Link>
      </PageHeader>
      <AddData key={String(upload)} known={knownUpload(upload)} />
    </Page>
  );
}

/** Null where the address names none. */
function knownUpload(upload: unknown): Known | null {
  const { data } = z.uuid().safeParse(upload);
  return data === undefined ? null : { upload: data, state: uploadStateOf(data) };
}
