"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useState } from "react";
import { request } from "@/app/_client/checked-fetch";
import { RequestError } from "@/app/_client/fetch";
import { runsQuery } from "@/app/_client/queries";
import { importedRun } from "@/lib/exchange/imported";
import type { Method } from "@/spec/config";
import { methodOf } from "@/spec/methods/all";
import { Button, buttonClass } from "../../ui/buttons";
import { say, sayError } from "../../ui/toast";

/** A file whose metrics fit several methods. */
interface Unclear {
  file: File;
  methods: Method[];
}

/** Imports the metrics of a run of another program: a trainer_state.json of Transformers or TRL, or TensorBoard events. */
export function ImportRun({ added }: { added: (id: string) => void }) {
  const client = useQueryClient();
  const [unclear, setUnclear] = useState<Unclear | null>(null);
  const upload = useMutation({
    mutationFn: ({ file, method }: { file: File; method?: Method }) => {
      const name = file.name.replace(/^events\.out\.tfevents\./, "").slice(0, 80);
      const query = new URLSearchParams({ name, file: file.name, ...(method && { method }) });
      return request(`/api/compare/import?${query}`, importedRun, { method: "POST", body: file });
    },
    onSuccess: async ({ id, name, steps, left }) => {
      setUnclear(null);
      await client.invalidateQueries({ queryKey: runsQuery.queryKey });
      added(id);
      const skipped = left.length > 0 ? ` Skipped metrics that no chart shows: ${left.join(", ")}.` : "";
      void say(`${name}: ${steps.toLocaleString("en")} steps.${skipped}`);
    },
    onError: (error, { file }) => {
      const possible = error instanceof RequestError ? error.problems.filter(({ path }) => path === "method") : [];
      if (possible.length > 1) setUnclear({ file, methods: possible.map(({ message }) => message as Method) });
      else void sayError(error.message);
    },
  });
  if (unclear) return <WhichMethod {...unclear} choose={upload.mutate} leave={() => setUnclear(null)} />;
  return (
    <label
      data-needs="write"
      className={`${buttonClass()} cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent`}
    >
      <Upload size={15} aria-hidden /> {upload.isPending ? "Importing…" : "Import run"}
      <input
        type="file"
        className="sr-only"
        aria-label="A trainer_state.json or TensorBoard event file"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file) upload.mutate({ file });
          event.target.value = "";
        }}
      />
    </label>
  );
}

function WhichMethod({
  file,
  methods: possible,
  choose,
  leave,
}: Unclear & { choose: (chosen: { file: File; method: Method }) => void; leave: () => void }) {
  return (
    <fieldset aria-label={`Method of ${file.name}`} className="flex flex-wrap items-center gap-2">
      <span>Which method produced {file.name}?</span>
      {possible.map((method) => (
        <Button key={method} onClick={() => choose({ file, method })}>
          {methodOf({ method }).label}
        </Button>
      ))}
      <Button onClick={leave}>Cancel</Button>
    </fieldset>
  );
}
