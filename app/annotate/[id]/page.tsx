import type { Metadata } from "next";
import { headers } from "next/headers";
import { rowNumber } from "@/common/row-number";
import { allow } from "@/lib/access/allow";
import { openingScreen } from "@/lib/annotation/queues/list-queues";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import type { MessageGroup } from "@/lib/messages/messages";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { getTranslate, PageMessages } from "../../_messages/get-translate";
import { orNotFound } from "../../or-not-found";
import { NameGate } from "../../ui/name-gate";
import { AnnotationScreen } from "./_components/annotation-screen";
import { keepEarlyKeys } from "./_components/early-keys";

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await getTranslate())("datasets.title") });

const groups: MessageGroup[] = ["screen", "vote", "keys", "unsaved", "guidelines", "end", "work"];

export default async function AnnotateDatasetPage({ params, searchParams }: PageProps<"/annotate/[id]">) {
  await allow("annotate", { annotate: params });
  const { id } = await params;
  const { record } = await searchParams;
  const queue = orNotFound(() => queueOf(id));
  const annotator = await currentAnnotator();
  if (!annotator) return <NameGate />;
  const asked = rowNumber(String(record));
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <PageMessages groups={groups}>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant */}
      <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: keepEarlyKeys }} />
      <AnnotationScreen
        key={annotator.id}
        annotatorId={annotator.id}
        initial={await openingScreen(queue.id, annotator.id, asked)}
      />
    </PageMessages>
  );
}
