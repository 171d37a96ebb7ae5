"use client";

import { FileUp } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import type { UploadSource } from "@/lib/datasets/uploads/uploads-schema";
import { Button } from "../../../ui/buttons";
import { Problem } from "../../../ui/cards";
import { type ChosenFile, droppedFiles } from "./send-files";

interface Props {
  disabled: boolean;
  onFiles: (files: ChosenFile[]) => void;
  onSource: (source: UploadSource) => void;
}

const box = "w-full min-w-0 rounded-md border bg-canvas px-3 py-2";
const picker = `${box} text-xs file:mr-3 file:rounded file:border-0 file:bg-raised file:px-2 file:py-1 file:text-ink`;
const ways = ["Files", "Paste rows", "Path on this machine", "Hugging Face"] as const;

/** Where the rows are. */
export function Sources({ disabled, onFiles, onSource }: Props) {
  const [way, setWay] = useState<(typeof ways)[number]>("Files");
  return (
    <fieldset disabled={disabled} className="min-w-0">
      <legend className="sr-only">Where the rows are</legend>
      <div className="mb-3 flex flex-wrap gap-1">
        {ways.map((one) => (
          <Button
            key={one}
            kind={one === way ? "plain" : "quiet"}
            aria-pressed={one === way}
            onClick={() => setWay(one)}
          >
            {one}
          </Button>
        ))}
      </div>
      {way === "Files" && <Files disabled={disabled} onFiles={onFiles} />}
      {way === "Paste rows" && <Pasted onFiles={onFiles} />}
      {way === "Path on this machine" && <Path onSource={onSource} />}
      {way === "Hugging Face" && <Hub onSource={onSource} />}
    </fieldset>
  );
}

/** A disabled fieldset still takes what is dropped, so that is refused here. */
function Files({ disabled, onFiles }: Pick<Props, "disabled" | "onFiles">) {
  const [over, setOver] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const choose = (list: FileList | null) =>
    onFiles([...(list ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, file })));
  return (
    <section
      aria-label="Drop files or a folder"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(!disabled);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (disabled) return;
        setError(null);
        void droppedFiles(event.dataTransfer).then(onFiles, setError);
      }}
      className={`rounded-md border border-dashed p-4 ${over ? "border-accent bg-accent-wash" : ""}`}
    >
      <p className="mb-3 flex items-center gap-2">
        <FileUp size={18} aria-hidden className="text-soft" /> Drop files or a folder here, or choose them. All of them
        become one dataset.
      </p>
      {error && <Problem error={error} />}
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Files (.jsonl, .json, .csv, .tsv, .parquet, .arrow, .gz, .zst)">
          {(id) => (
            <input
              id={id}
              type="file"
              multiple
              accept=".jsonl,.ndjson,.json,.csv,.tsv,.parquet,.arrow,.feather,.gz,.zst"
              className={picker}
              onChange={(event) => choose(event.target.files)}
            />
          )}
        </Field>
        <Field label="or a folder">
          {(id) => (
            <input
              id={id}
              type="file"
              multiple
              ref={(input) => input?.setAttribute("webkitdirectory", "")}
              className={picker}
              onChange={(event) => choose(event.target.files)}
            />
          )}
        </Field>
      </div>
    </section>
  );
}

function Pasted({ onFiles }: Pick<Props, "onFiles">) {
  const [text, setText] = useState("");
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        const name = /^\s*[[{]/.test(text) ? "pasted.jsonl" : "pasted.csv";
        onFiles([{ name, file: new File([text], name) }]);
      }}
    >
      <Field label="Rows, as JSON lines, a JSON array or CSV">
        {(id) => (
          <textarea
            id={id}
            rows={5}
            required
            value={text}
            placeholder={'{"prompt": "…", "chosen": "…", "rejected": "…"}'}
            className={`${box} font-mono text-xs`}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" className="justify-self-start">
        Read
      </Button>
    </form>
  );
}

function Path({ onSource }: Pick<Props, "onSource">) {
  const [path, setPath] = useState("");
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSource({ path });
      }}
    >
      <Field label="A file or a folder">
        {(id) => (
          <input
            id={id}
            required
            value={path}
            placeholder="data/layouts/alpaca.json"
            className={`${box} font-mono text-xs sm:min-w-96`}
            onChange={(event) => setPath(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit">Read</Button>
    </form>
  );
}

function Hub({ onSource }: Pick<Props, "onSource">) {
  const [hub, setHub] = useState({ id: "", revision: "main", config: "", split: "train" });
  const field = (name: keyof typeof hub, label: string, placeholder: string) => (
    <Field label={label}>
      {(id) => (
        <input
          id={id}
          required={name !== "config"}
          value={hub[name]}
          placeholder={placeholder}
          className={box}
          onChange={(event) => setHub({ ...hub, [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <form
      className="grid items-end gap-3 sm:grid-cols-2 lg:grid-cols-[2fr_1fr_1fr_1fr_auto]"
      onSubmit={(event) => {
        event.preventDefault();
        onSource({ hub: { ...hub, config: hub.config || null } });
      }}
    >
      {field("id", "Dataset id", "owner/name")}
      {field("config", "Configuration", "its default one")}
      {field("split", "Split", "train")}
      {field("revision", "Revision", "main")}
      <Button type="submit">Fetch</Button>
    </form>
  );
}

function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="grid min-w-0 gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children(id)}
    </div>
  );
}
