import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Trash2 } from "lucide-react";
import { Popover } from "radix-ui";
import { useId, useState } from "react";
import { filterOf, type RecordFilter, type SavedView, searchOf } from "@/lib/annotation/records/records-schema";
import { Button } from "../../../../ui/buttons";
import { sayError } from "../../../../ui/toast";
import { deleteView, saveView, viewsQuery } from "./records-queries";

interface Props {
  queueId: number;
  filter: RecordFilter;
  onOpen: (filter: RecordFilter) => void;
}

/** Filters, search and order under a name, for everybody who works on the dataset. */
export function ViewsMenu({ queueId, filter, onOpen }: Props) {
  const id = useId();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const { data: views = [] } = useQuery({ ...viewsQuery(queueId), enabled: open });
  const keep = (left: SavedView[]) => client.setQueryData(viewsQuery(queueId).queryKey, left);
  const failed = (error: Error) => void sayError(error.message);
  const save = useMutation({
    mutationFn: () => saveView(queueId, { name, search: searchOf(filter).toString() }),
    onSuccess: (left) => {
      keep(left);
      setName("");
    },
    onError: failed,
  });
  const remove = useMutation({
    mutationFn: (view: number) => deleteView(queueId, view),
    onSuccess: keep,
    onError: failed,
  });
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button kind="quiet">
          <Bookmark size={15} aria-hidden /> Views
        </Button>
      </Popover.Trigger>
      <Popover.Content
        align="start"
        sideOffset={6}
        collisionPadding={8}
        aria-label="Views"
        className="z-50 w-[min(92vw,20rem)] rounded-md border bg-surface p-3 shadow-lg"
      >
        {views.length === 0 && <p className="text-soft">No views yet. Filter, search or sort, then save it here.</p>}
        <ul className="max-h-72 overflow-y-auto">
          {views.map((view) => (
            <li key={view.id} className="flex items-center gap-1">
              <button
                type="button"
                onClick={() => {
                  setOpen(false);
                  onOpen(filterOf(new URLSearchParams(view.search)));
                }}
                className="min-w-0 flex-1 truncate rounded px-2 py-1.5 text-left hover:bg-raised"
              >
                {view.name}
              </button>
              <Button
                data-needs="review"
                kind="quiet"
                aria-label={`Delete view ${view.name}`}
                className="px-2!"
                onClick={() => remove.mutate(view.id)}
              >
                <Trash2 size={14} aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
        <form
          data-needs="review"
          className="mt-2 flex items-end gap-2 border-t pt-2"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <div className="grid min-w-0 flex-1 gap-1">
            <label htmlFor={id} className="text-xs">
              Save what is shown as
            </label>
            <input
              id={id}
              required
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.target.value)}
              className="w-full min-w-0 rounded-md border bg-canvas px-2 py-1.5"
            />
          </div>
          <Button type="submit" disabled={save.isPending}>
            Save
          </Button>
        </form>
      </Popover.Content>
    </Popover.Root>
  );
}
