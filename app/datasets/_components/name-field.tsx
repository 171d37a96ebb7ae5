"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "../../ui/buttons";
import { type NamedDataset, renameDataset } from "./dataset-requests";

/** A dataset's name while it is changed, in its place: Enter saves, Esc leaves it as it was. */
export function NameField({ dataset, onClose }: { dataset: NamedDataset; onClose: () => void }) {
  const id = useId();
  const router = useRouter();
  const [name, setName] = useState(dataset.name);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => field.current?.select()); // once the menu has given the focus back
    return () => clearTimeout(timer);
  }, []);
  const rename = useMutation({
    mutationFn: () => renameDataset(dataset, name),
    onSuccess: () => {
      router.refresh();
      onClose();
    },
  });
  return (
    <form
      className="flex flex-wrap items-center gap-2 font-normal text-sm"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === dataset.name) onClose();
        else rename.mutate();
      }}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <label htmlFor={id} className="sr-only">
        Name
      </label>
      <input
        id={id}
        ref={field}
        required
        maxLength={80}
        value={name}
        aria-invalid={rename.isError}
        aria-describedby={rename.isError ? `${id}-error` : undefined}
        onChange={(event) => setName(event.target.value)}
        className="min-w-0 flex-1 rounded-md border bg-canvas px-2 py-1 aria-invalid:border-bad"
      />
      <Button type="submit" disabled={rename.isPending}>
        Save
      </Button>
      <Button kind="quiet" onClick={onClose}>
        Cancel
      </Button>
      {rename.error && (
        <p id={`${id}-error`} role="alert" className="w-full text-bad text-xs">
          {rename.error.message}
        </p>
      )}
    </form>
  );
}
