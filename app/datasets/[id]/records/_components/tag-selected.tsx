import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { tagged as answer } from "@/lib/annotation/records/records-schema";
import { Button } from "../../../../ui/buttons";
import { Dialog } from "../../../../ui/dialog";
import { sayError, sayWithUndo } from "../../../../ui/toast";

interface Props {
  queueId: number;
  selected: ReadonlySet<number>;
  /** Tags that records have, which are offered. */
  known: string[];
}

interface Tagging {
  itemIds: number[];
  tag: string;
  tagged: boolean;
}

/** So long a tag can be taken back from its toast. */
const undoMs = 10_000;

/** Puts a tag on the chosen records, or takes it off. */
export function TagSelected({ queueId, selected, known }: Props) {
  const id = useId();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [tag, setTag] = useState("");
  const post = (tagging: Tagging) => send("POST", `/api/datasets/${queueId}/tags`, tagging, answer);
  const refresh = () =>
    Promise.all(["records", "record"].map((name) => client.invalidateQueries({ queryKey: [name, queueId] })));
  const failed = (error: Error) => void sayError(error.message);
  const undo = useMutation({ mutationFn: post, onSuccess: refresh, onError: failed });
  const apply = useMutation({
    mutationFn: post,
    onSuccess: ({ changed }, { tag, tagged }) => {
      setOpen(false);
      const count = `${changed.length.toLocaleString("en")} ${changed.length === 1 ? "record" : "records"}`;
      const back = () => changed.length > 0 && undo.mutate({ itemIds: changed, tag, tagged: !tagged });
      void sayWithUndo(tagged ? `${count} tagged ${tag}.` : `${tag} taken off ${count}.`, back, undoMs);
      return refresh();
    },
    onError: failed,
  });
  const press = (tagged: boolean) => apply.mutate({ itemIds: [...selected], tag: tag.trim(), tagged });
  const none = tag.trim() === "" || apply.isPending;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Tag…</Button>
      {open && (
        <Dialog title={`Tag ${selected.size.toLocaleString("en")} records`} onClose={() => setOpen(false)}>
          <form
            className="mt-3 grid gap-1"
            onSubmit={(event) => {
              event.preventDefault();
              press(true);
            }}
          >
            <label htmlFor={id} className="font-medium">
              Tag
            </label>
            <input
              id={id}
              list={`${id}-known`}
              required
              maxLength={40}
              value={tag}
              onChange={(event) => setTag(event.target.value)}
              className="rounded-md border bg-canvas px-3 py-2"
            />
            <datalist id={`${id}-known`}>
              {known.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
            <div className="mt-3 flex justify-end gap-2">
              <Button disabled={none} onClick={() => press(false)}>
                Take off
              </Button>
              <Button type="submit" kind="primary" disabled={none}>
                Put on
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
