"use client";

import { Link2, Star, Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { Button } from "./buttons";
import { copyText } from "./copy-text";
import { Dialog } from "./dialog";
import { useStored } from "./use-stored";

const savedViews = z.array(z.object({ name: z.string(), search: z.string() }));
const none: z.infer<typeof savedViews> = [];

interface Props {
  /** Under which this browser keeps them. */
  store: "compare-views" | "runs-views";
}

/** Named views of this browser, and a link to what the address holds. */
export function SavedViews({ store }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Star size={15} aria-hidden /> Views
      </Button>
      {open && <ViewsDialog store={store} onClose={() => setOpen(false)} />}
    </>
  );
}

function ViewsDialog({ store, onClose }: Props & { onClose: () => void }) {
  const [saved, setSaved] = useStored(store, savedViews, none);
  const [name, setName] = useState("");
  const save = () => {
    const kept = saved.filter((view) => view.name !== name.trim());
    setSaved([...kept, { name: name.trim(), search: window.location.search }]);
    setName("");
  };
  const open = (search: string) => {
    window.history.pushState(null, "", search || "?");
    onClose();
  };
  return (
    <Dialog title="Views" about="Kept in this browser. A link shows the same to others." onClose={onClose}>
      <form
        className="mt-3 flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <input
          required
          pattern=".*\S.*"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
          aria-label="Name of this view"
          placeholder="Name of this view"
          className="min-w-0 flex-1 rounded-md border bg-canvas px-3 py-1.5"
        />
        <Button type="submit" kind="primary">
          Save view
        </Button>
      </form>
      <ul className="mt-3 grid gap-1">
        {saved.map((view) => (
          <li key={view.name} className="flex items-center gap-2">
            <button
              type="button"
              className="min-w-0 flex-1 truncate rounded-md px-2 py-1.5 text-left hover:bg-raised"
              onClick={() => open(view.search)}
            >
              {view.name}
            </button>
            <button
              type="button"
              aria-label={`Delete the view ${view.name}`}
              className="rounded-md p-1.5 text-soft hover:bg-raised hover:text-ink"
              onClick={() => setSaved(saved.filter((other) => other !== view))}
            >
              <Trash2 size={15} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <Button className="mt-3 justify-self-start" onClick={() => void copyText(window.location.href, "Link copied.")}>
        <Link2 size={15} aria-hidden /> Copy link to what is shown
      </Button>
    </Dialog>
  );
}
