import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { returned } from "@/lib/annotation/judging/judging-schema";
import { Button } from "../../../../ui/buttons";
import { Dialog } from "../../../../ui/dialog";
import { say, sayError } from "../../../../ui/toast";

/** Returns the chosen records to those who annotated them, with a note: they come to them first. */
export function ReturnSelected({ queueId, selected }: { queueId: number; selected: ReadonlySet<number> }) {
  const id = useId();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState("");
  const back = useMutation({
    mutationFn: () => send("POST", `/api/queues/${queueId}/returns`, { itemIds: [...selected], note }, returned),
    onSuccess: ({ people, records }) => {
      setOpen(false);
      const nobody = selected.size - records;
      const to = `${people} ${people === 1 ? "annotator" : "annotators"}`;
      void say(
        `${records.toLocaleString("en")} ${records === 1 ? "record" : "records"} returned to ${to}.${nobody > 0 ? ` ${nobody.toLocaleString("en")} without an annotation stay as they are.` : ""}`,
      );
      return Promise.all(["records", "record"].map((name) => client.invalidateQueries({ queryKey: [name, queueId] })));
    },
    onError: (error) => void sayError(error.message),
  });
  return (
    <>
      <Button onClick={() => setOpen(true)}>Return…</Button>
      {open && (
        <Dialog
          title={`Return ${selected.size.toLocaleString("en")} records?`}
          about="Everybody who annotated one of them sees it again first, with your note. This cannot be undone."
          onClose={() => setOpen(false)}
        >
          <form
            className="mt-3 grid gap-1"
            onSubmit={(event) => {
              event.preventDefault();
              back.mutate();
            }}
          >
            <label htmlFor={id} className="font-medium">
              Note to the annotators
            </label>
            <textarea
              id={id}
              rows={3}
              required
              maxLength={2000}
              value={note}
              onChange={(event) => setNote(event.target.value)}
              className="rounded-md border bg-canvas px-3 py-2"
            />
            <div className="mt-3 flex justify-end gap-2">
              <Button onClick={() => setOpen(false)}>Cancel</Button>
              <Button type="submit" kind="primary" disabled={back.isPending}>
                Return
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
