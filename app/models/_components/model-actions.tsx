"use client";

import { Download, MessageSquare, Play, Trash2 } from "lucide-react";
import type { Route } from "next";
import { useState } from "react";
import type { KnownModel } from "@/lib/models/models-schema";
import { bundledModel } from "@/spec/models";
import { DeleteRuns } from "../../runs/_components/delete-runs";
import { buttonClass } from "../../ui/buttons";
import { Link } from "../../ui/link";
import { chatPage } from "../model-path";

interface Props {
  model: KnownModel;
  /** Takes a base out of the list. */
  onRemove: () => void;
}

const small = `${buttonClass("quiet")} px-2!`;

/** What can be done with a model: chat, train from it, download it where it is there; take it out of the list, or delete it with its run. */
export function ModelActions({ model, onRemove }: Props) {
  const { kind, id, name } = model;
  const [deleting, setDeleting] = useState(false);
  const isBase = kind === "base";
  return (
    <span className="flex justify-end gap-1">
      {model.bytes !== null && <Uses model={model} />}
      {(!isBase || bundledModel(id) === null) && (
        <button
          data-needs="write"
          type="button"
          aria-label={isBase ? `Remove ${name} from the list` : `Delete ${name}`}
          title={isBase ? "Remove from the list" : "Delete…"}
          onClick={() => (isBase ? onRemove() : setDeleting(true))}
          className={small}
        >
          <Trash2 size={15} aria-hidden />
        </button>
      )}
      {deleting && <DeleteRuns ids={[id]} onClose={() => setDeleting(false)} />}
    </span>
  );
}

function Uses({ model: { kind, id, name, scores } }: { model: KnownModel }) {
  const train = kind === "base" ? `/runs/new?model=${encodeURIComponent(id)}` : `/runs/new?from=${id}&step=last`;
  return (
    <>
      {kind !== "reward" && !scores && (
        <Link href={chatPage(kind, id)} aria-label={`Chat with ${name}`} title="Chat" className={small}>
          <MessageSquare size={15} aria-hidden />
        </Link>
      )}
      {kind !== "reward" && (
        <Link href={train as Route} aria-label={`Train from ${name}`} title="Train from this" className={small}>
          <Play size={15} aria-hidden />
        </Link>
      )}
      {kind !== "base" && (
        <a
          href={`/api/runs/${id}/export?form=adapter&at=last`}
          download
          aria-label={kind === "weights" ? `Download ${name}` : `Download the adapter of ${name}`}
          title={kind === "weights" ? "Download the model" : "Download the adapter"}
          className={small}
        >
          <Download size={15} aria-hidden />
        </a>
      )}
    </>
  );
}
