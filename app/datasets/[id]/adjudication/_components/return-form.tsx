import { useMutation } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { returned } from "@/lib/annotation/judging/judging-schema";
import { Button, Key } from "../../../../ui/buttons";
import { say, sayError } from "../../../../ui/toast";

interface Props {
  queueId: number;
  itemId: number;
  onClose: () => void;
}

/** Returns a record to its annotators, with a note: it comes to them first. */
export function ReturnForm({ queueId, itemId, onClose }: Props) {
  const id = useId();
  const [note, setNote] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const back = useMutation({
    mutationFn: () => send("POST", `/api/queues/${queueId}/returns`, { itemId, note }, returned),
    onSuccess: ({ people }) => {
      void say(`Returned to ${people} ${people === 1 ? "annotator" : "annotators"}.`);
      onClose();
    },
    onError: (error) => void sayError(error.message),
  });
  return (
    <form
      className="flex w-full flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        back.mutate();
      }}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="font-medium text-xs">
          Note to the annotators
        </label>
        <textarea
          id={id}
          ref={field}
          rows={2}
          required
          value={note}
          onChange={(event) => setNote(event.target.value)}
          className="w-full rounded-md border bg-canvas px-2 py-1.5"
        />
      </div>
      <Button type="submit" kind="primary" disabled={back.isPending}>
        Return
      </Button>
      <Button kind="quiet" onClick={onClose}>
        <Key>Esc</Key> Cancel
      </Button>
    </form>
  );
}
