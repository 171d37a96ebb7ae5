import type { Metadata } from "next";
import { z } from "zod";
import { allow } from "@/lib/access/allow";
import { listCorpora, stateOfCorpus } from "@/lib/corpus/corpora";
import { Card } from "../../../ui/cards";
import { Link } from "../../../ui/link";
import { Page, PageHeader } from "../../../ui/screen";
import { When } from "../../../ui/when";
import { CorpusForm } from "./_components/corpus-form";
import { CorpusView } from "./_components/corpus-view";

export const metadata: Metadata = { title: "Training text of documents" };

const about =
  "Web pages, Markdown, text, PDF and WARC files become rows of text to train on. What a step drops is kept with its reason, and can be restored.";

export default async function DocumentsPage({ searchParams }: PageProps<"/datasets/add/documents">) {
  await allow("write");
  const { data: id } = z.uuid().safeParse((await searchParams).corpus);
  const corpora = listCorpora();
  const known = corpora.some((one) => one.id === id) ? stateOfCorpus(id!) : null;
  return (
    <Page>
      <PageHeader title={known?.name ?? "Training text of documents"} about={known ? known.folder : about} />
      <div className="grid gap-4">
        {known ? <CorpusView key={known.id} known={known} /> : <CorpusForm />}
        {!known && corpora.length > 0 && (
          <Card title="Corpora">
            <ul className="grid gap-2">
              {corpora.map(({ id, name, folder, at }) => (
                <li key={id} className="flex flex-wrap gap-x-3">
                  <Link href={`/datasets/add/documents?corpus=${id}`} className="font-medium underline">
                    {name}
                  </Link>
                  <span className="break-all font-mono text-soft text-xs">{folder}</span>
                  <span className="text-soft">
                    <When at={at} />
                  </span>
                </li>
              ))}
            </ul>
          </Card>
        )}
      </div>
    </Page>
  );
}
