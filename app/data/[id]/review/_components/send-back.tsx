import { useMutation } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { send } from "@/app/_client/fetch";
import { Button, Key } from "../../../../ui/buttons";
import { say, sayError } from "../../../../ui/toast";

interface Props {
  queueId: number;
  itemId: number;
  onClose: () => void;
}

/** A note to those who judged the pair: it comes to them again, before all else. */
export function SendBack({ queueId, itemId, onClose }: Props) {
  const id = useId();
  const [note, setNote] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const back = useMutation({
    mutationFn: () => send<{ people: number }>("POST", `/api/queues/${queueId}/returns`, { itemId, note }),
    onSuccess: ({ people }) => {
      void say(`Sent back to ${people} ${people === 1 ? "person" : "people"}.`);
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
          What should they look at?
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
        Send back
      </Button>
      <Button kind="quiet" onClick={onClose}>
        <Key>Esc</Key> not now
      </Button>
    </form>
  );
}
