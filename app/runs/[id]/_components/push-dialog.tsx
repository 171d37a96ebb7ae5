import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type PushInput, pushed } from "@/lib/runs/push-schema";
import type { FolderType } from "@/spec/export-types";
import { send } from "../../../_client/checked-fetch";
import { Button } from "../../../ui/buttons";
import { Problem } from "../../../ui/cards";
import { Dialog } from "../../../ui/dialog";

interface Props {
  id: string;
  at: PushInput["at"];
  dtype: FolderType;
  /** Whether it can be merged: a reward model leaves as an adapter only. */
  merges: boolean;
  /** What it left behind is called. */
  result: string;
  onClose: () => void;
}

/** Asks where on the Hugging Face Hub a run's model is to go, and says where it is then. */
export function PushDialog({ id, at, dtype, merges, result, onClose }: Props) {
  const [repository, setRepository] = useState("");
  const [form, setForm] = useState<PushInput["form"]>("adapter");
  const [isPrivate, setPrivate] = useState(true);
  const push = useMutation({
    mutationFn: (input: PushInput) => send("POST", `/api/runs/${id}/push`, input, pushed),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    push.mutate({ form, at, dtype, repository: repository.trim(), private: isPrivate });
  };
  return (
    <Dialog
      title="Push to the Hugging Face Hub"
      about="With a model card, as one commit. The server needs a token that may write there in HF_TOKEN."
      onClose={onClose}
    >
      <form onSubmit={submit} className="mt-4 grid gap-3">
        <label className="grid gap-1">
          Repository
          <input
            required
            placeholder="owner/name"
            value={repository}
            onChange={(event) => setRepository(event.target.value)}
            className="rounded-md border bg-canvas px-3 py-1.5 font-mono text-sm"
          />
        </label>
        {merges && (
          <label className="grid gap-1">
            What
            <select
              value={form}
              onChange={(event) => setForm(event.target.value as PushInput["form"])}
              className="rounded-md border bg-canvas px-2 py-1.5"
            >
              <option value="adapter">{result}</option>
              <option value="merged">Merged model, in {dtype}</option>
            </select>
          </label>
        )}
        <label className="flex items-center gap-2">
          <input type="checkbox" checked={isPrivate} onChange={(event) => setPrivate(event.target.checked)} />
          Private, if the repository is new
        </label>
        {push.error && <Problem error={push.error} />}
        <p role="status">
          {push.isPending && "Uploading; it goes on in the jobs menu if you close this."}
          {push.data && (
            <>
              It is at{" "}
              <a href={push.data.url} target="_blank" rel="noreferrer" className="break-all text-accent underline">
                {push.data.url}
              </a>
              .
            </>
          )}
        </p>
        <div className="flex justify-end gap-2">
          <Button type="button" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" kind="primary" disabled={push.isPending || repository.trim() === ""}>
            Push
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
