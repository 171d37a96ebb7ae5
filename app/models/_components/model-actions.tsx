import { Download, MessageSquare, Play } from "lucide-react";
import type { Route } from "next";
import type { KnownModel } from "@/lib/models/models-schema";
import { buttonClass } from "../../ui/buttons";
import { Link } from "../../ui/link";

const small = `${buttonClass("quiet")} px-2`;

/** What can be done with a model that is there: chat, train from it, download it. */
export function ModelActions({ model: { kind, id, name, bytes } }: { model: KnownModel }) {
  if (bytes === null) return null;
  const train = kind === "base" ? `/runs/new?model=${encodeURIComponent(id)}` : `/runs/new?from=${id}&step=last`;
  return (
    <span className="flex justify-end gap-1">
      {kind === "adapter" && (
        <Link href={`/runs/${id}/chat` as Route} aria-label={`Chat with ${name}`} title="Chat" className={small}>
          <MessageSquare size={15} aria-hidden />
        </Link>
      )}
      {(kind === "base" || kind === "adapter") && (
        <Link href={train as Route} aria-label={`Train from ${name}`} title="Train from this" className={small}>
          <Play size={15} aria-hidden />
        </Link>
      )}
      {(kind === "adapter" || kind === "reward") && (
        <a
          href={`/api/runs/${id}/export?form=adapter&at=last`}
          download
          aria-label={`Download the adapter of ${name}`}
          title="Download the adapter"
          className={small}
        >
          <Download size={15} aria-hidden />
        </a>
      )}
    </span>
  );
}
