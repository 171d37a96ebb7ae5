"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { request } from "@/lib/fetch";
import { runsQuery } from "@/lib/queries";
import { buttonClass } from "../ui/buttons";
import { say, sayError } from "../ui/toast";

interface Imported {
  id: string;
  name: string;
  steps: number;
  left: string[];
}

/** Lays a run of another program beside ours: Transformers and TRL leave a trainer_state.json, most write for TensorBoard. */
export function BringIn({ added }: { added: (id: string) => void }) {
  const client = useQueryClient();
  const bring = useMutation({
    mutationFn: (file: File) => {
      const name = file.name.replace(/^events\.out\.tfevents\./, "").slice(0, 80);
      return request<Imported>(`/api/compare/import?${new URLSearchParams({ name, file: file.name })}`, {
        method: "POST",
        body: file,
      });
    },
    onSuccess: async ({ id, name, steps, left }) => {
      await client.invalidateQueries({ queryKey: runsQuery.queryKey });
      added(id);
      const without = left.length > 0 ? ` Without ${left.join(", ")}: no chart here knows them.` : "";
      void say(`${name}: ${steps.toLocaleString("en")} steps.${without}`);
    },
    onError: (error) => void sayError(error.message),
  });
  return (
    <label className={`${buttonClass()} cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent`}>
      <Upload size={15} aria-hidden /> {bring.isPending ? "Reading…" : "Bring in a run"}
      <input
        type="file"
        className="sr-only"
        aria-label="A trainer_state.json or an event file of TensorBoard"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file) bring.mutate(file);
          event.target.value = "";
        }}
      />
    </label>
  );
}
