import { Download, MessageSquare, PenLine, Play } from "lucide-react";
import type { Route } from "next";
import type { KnownModel } from "@/lib/models/models-schema";
import { buttonClass } from "../../../ui/buttons";
import { Link } from "../../../ui/link";
import { chatPage } from "../../model-path";

/** What can be done with a model that is there. */
export function ModelUses({ model: { kind, id, scores } }: { model: KnownModel }) {
  const isBase = kind === "base";
  const writes = kind !== "reward" && !scores;
  const writer = encodeURIComponent(isBase ? `base:${id}` : `run:${id}`);
  return (
    <>
      {writes && (
        <>
          <Link href={chatPage(kind, id)} className={buttonClass()}>
            <MessageSquare size={15} aria-hidden /> Chat
          </Link>
          <Link href={`/datasets?writer=${writer}#generate` as Route} className={buttonClass()}>
            <PenLine size={15} aria-hidden /> Generate responses
          </Link>
          <Link
            href={(isBase ? `/runs/new?model=${encodeURIComponent(id)}` : `/runs/new?from=${id}&step=last`) as Route}
            className={buttonClass()}
          >
            <Play size={15} aria-hidden /> Train from this
          </Link>
        </>
      )}
      {!isBase && (
        <>
          <Link href={`/runs/${id}/files`} className={buttonClass()}>
            <Download size={15} aria-hidden /> Export
          </Link>
          <Link href={`/runs/${id}`} className={buttonClass()}>
            Open its run
          </Link>
        </>
      )}
    </>
  );
}
