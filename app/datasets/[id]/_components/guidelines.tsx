"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { type QueueDto, queueDto } from "@/lib/annotation/queues/queue-schema";
import { Button } from "../../../ui/buttons";
import { Prose } from "../../../ui/prose";
import { sayError } from "../../../ui/toast";
import { useHydrated } from "../../../ui/use-hydrated";

/** The annotation guidelines, in Markdown; annotators open them with G. */
export function Guidelines({ queue: { id, guidelines, guidelinesHtml } }: { queue: QueueDto }) {
  const router = useRouter();
  const hydrated = useHydrated();
  const [draft, setDraft] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: (text: string) => send("PATCH", `/api/queues/${id}`, { guidelines: text }, queueDto),
    onSuccess: () => {
      setDraft(null);
      router.refresh();
    },
    onError: (error) => void sayError(error.message),
  });
  if (draft === null)
    return (
      <>
        {guidelines ? (
          <Prose html={guidelinesHtml} />
        ) : (
          <p className="text-soft">No guidelines yet. Say what counts, what does not, and what to do when in doubt.</p>
        )}
        <Button className="mt-3" disabled={!hydrated} onClick={() => setDraft(guidelines)}>
          {guidelines ? "Edit guidelines" : "Write guidelines"}
        </Button>
      </>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(draft);
      }}
    >
      <label className="grid gap-1">
        <span className="text-soft text-xs">Markdown; annotators open it with the key G</span>
        <textarea
          value={draft}
          rows={10}
          onChange={(event) => setDraft(event.target.value)}
          className="w-full rounded-md border bg-canvas px-3 py-2 font-mono"
        />
      </label>
      <div className="mt-3 flex gap-2">
        <Button type="submit" kind="primary" disabled={save.isPending}>
          Save guidelines
        </Button>
        <Button onClick={() => setDraft(null)}>Cancel</Button>
      </div>
    </form>
  );
}
