"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FolderInput } from "lucide-react";
import { useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { runsQuery } from "@/app/_client/queries";
import { importedFolder } from "@/lib/exchange/imported";
import { Button } from "../../ui/buttons";
import { say, sayError } from "../../ui/toast";

/** Adds a run that was trained on the command line to the list, from its output folder on the server's machine. */
export function ImportFolder({ added }: { added: (id: string) => void }) {
  const client = useQueryClient();
  const [folder, setFolder] = useState<string | null>(null);
  const read = useMutation({
    mutationFn: (path: string) => send("POST", "/api/compare/import-folder", { folder: path }, importedFolder),
    onSuccess: async ({ id, name, steps, status }) => {
      setFolder(null);
      await client.invalidateQueries({ queryKey: runsQuery.queryKey });
      added(id);
      void say(`${name}: ${status}, ${steps.toLocaleString("en")} steps.`);
    },
    onError: (error) => void sayError(error.message),
  });
  if (folder === null)
    return (
      <Button data-needs="write" onClick={() => setFolder("")}>
        <FolderInput size={15} aria-hidden /> Import run folder
      </Button>
    );
  return (
    <form
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        read.mutate(folder);
      }}
    >
      <input
        aria-label="Output folder of a run, on the machine that serves this page"
        placeholder="outputs/my-run"
        required
        ref={(input) => input?.focus()}
        value={folder}
        onChange={(event) => setFolder(event.target.value)}
        className="min-h-9 w-64 rounded-md border bg-canvas px-2.5 text-sm"
      />
      <Button type="submit" kind="primary" disabled={read.isPending}>
        {read.isPending ? "Importing…" : "Import"}
      </Button>
      <Button kind="quiet" onClick={() => setFolder(null)}>
        Cancel
      </Button>
    </form>
  );
}
