"use client";

import { type FormEvent, useEffect, useState } from "react";
import { AtWork } from "../../ui/at-work";
import { Button } from "../../ui/buttons";
import { useHydrated } from "../../ui/use-hydrated";
import { useNewModel } from "./use-new-model";

/** Adds a model of the Hub, a folder or a file; says how far it is, and what is wrong with it. */
export function AddModel() {
  const hydrated = useHydrated();
  const [source, setSource] = useState("");
  const { start, job, isBusy, problem, cancel } = useNewModel();
  const status = job?.status;
  useEffect(() => {
    if (status === "finished") setSource("");
  }, [status]);
  if (isBusy)
    return (
      <div className="mb-5 max-w-3xl">
        <AtWork said={job?.said || `Adding ${source}`} progress={job?.progress ?? null} onCancel={cancel} />
      </div>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate({ source: source.trim() });
  };
  return (
    <form onSubmit={submit} data-needs="write" className="mb-5 max-w-3xl">
      <label htmlFor="new-model" className="mb-1 block font-medium">
        Add a model
      </label>
      <div className="flex gap-2">
        <input
          id="new-model"
          value={source}
          onChange={(event) => setSource(event.target.value)}
          disabled={!hydrated}
          placeholder="hub:owner/name"
          aria-describedby="new-model-help"
          aria-invalid={problem != null}
          spellCheck={false}
          className="min-w-0 flex-1 rounded-md border bg-canvas px-3 py-2 aria-invalid:border-bad"
        />
        <Button type="submit" disabled={!hydrated || source.trim() === ""}>
          Add
        </Button>
      </div>
      <p id="new-model-help" aria-live="polite" className={`mt-1 text-xs ${problem ? "text-bad" : "text-soft"}`}>
        {problem ??
          "hub:owner/name or hub:owner/name@revision of the Hugging Face Hub, a folder in its layout, or a .gguf file."}
      </p>
    </form>
  );
}
