import type { Metadata } from "next";
import { getTranslate } from "@/app/_messages/get-translate";
import { Frame } from "@/app/_shell/frame";
import NotFound from "@/app/not-found";
import { asServer } from "@/lib/access/asked";
import { currentAnnotator } from "@/lib/people/current-annotator";

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await getTranslate())("shell.notFound") });

/** The annotation screen has no frame; where there is no such dataset, the navigation is the way on. */
export default async function NoSuchDataset() {
  return (
    <Frame name={(await asServer(currentAnnotator))?.name ?? null} always>
      <NotFound />
    </Frame>
  );
}
