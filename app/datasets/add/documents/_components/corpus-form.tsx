"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { type PageRule, pageRules } from "@/lib/corpus/corpus-schema";
import { usualName } from "@/spec/row-files";
import { Button } from "../../../../ui/buttons";
import { Card, Problem } from "../../../../ui/cards";
import { useHydrated } from "../../../../ui/use-hydrated";
import { beginCorpus } from "./corpus-queries";
import { box, Field } from "./field";
import { ScorerFields } from "./scorer-fields";
import { ruleWords } from "./step-words";

const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== "");
/** Names of files may hold spaces. */
const files = (text: string) =>
  text
    .split(",")
    .map((file) => file.trim())
    .filter((file) => file !== "");

/** A folder of documents, and what each step is to drop. */
export function CorpusForm() {
  const [hydrated, router] = [useHydrated(), useRouter()];
  const [folder, setFolder] = useState("");
  const [typed, setTyped] = useState<string | null>(null);
  const [lists, setLists] = useState({ domains: "", languages: "", against: "" });
  const [rules, setRules] = useState<PageRule[]>([...pageRules]);
  const [also, setAlso] = useState({ mask: true, exact: true, near: true });
  const [scorer, setScorer] = useState({ model: "", prompt: "", min: "" });
  const name = typed ?? usualName(folder).slice(0, 80);
  const begin = useMutation({
    mutationFn: () =>
      beginCorpus({
        name,
        folder,
        config: {
          urls: { domains: words(lists.domains) },
          languages: words(lists.languages.toLowerCase()),
          against: files(lists.against),
          rules,
          mask: also.mask,
          duplicates: { exact: also.exact, near: also.near },
          quality:
            scorer.model === ""
              ? null
              : {
                  model: scorer.model,
                  prompt: scorer.prompt.trim() || null,
                  min: scorer.min.trim() === "" ? null : Number(scorer.min),
                },
        },
      }),
    onSuccess: ({ id }) => router.push(`/datasets/add/documents?corpus=${id}`),
  });
  const list = (key: keyof typeof lists, label: string, hint: string) => (
    <Field label={label}>
      {(id) => (
        <input
          id={id}
          value={lists[key]}
          placeholder={hint}
          className={box}
          onChange={({ target }) => setLists({ ...lists, [key]: target.value })}
        />
      )}
    </Field>
  );
  const tick = (key: keyof typeof also, label: string) => (
    <Tick label={label} checked={also[key]} onChange={(checked) => setAlso({ ...also, [key]: checked })} />
  );
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        begin.mutate();
      }}
    >
      <Card title="1 Documents">
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="A folder or a file on this machine">
            {(id) => (
              <input
                id={id}
                required
                value={folder}
                className={`${box} font-mono text-xs`}
                onChange={({ target }) => setFolder(target.value)}
              />
            )}
          </Field>
          <Field label="Name">
            {(id) => (
              <input
                id={id}
                required
                maxLength={80}
                value={name}
                className={box}
                onChange={({ target }) => setTyped(target.value)}
              />
            )}
          </Field>
        </div>
        <p className="mt-2 text-soft">
          HTML, Markdown, text, PDF, WARC, and rows of text (JSON lines, CSV, Parquet), by their endings.
        </p>
      </Card>
      <Card title="2 What is dropped">
        <div className="grid gap-4 sm:grid-cols-2">
          <div className="grid content-start gap-3">
            {list("domains", "Domains to leave out", "ads.example.com, example.net")}
            {list("languages", "Languages to keep, by two letters", "all")}
            {list("against", "Files with rows to test a model with", "data/tests.jsonl")}
          </div>
          <fieldset className="grid content-start gap-1.5">
            <legend className="mb-1 font-medium">Rules of web pages, for documents in English</legend>
            {pageRules.map((rule) => (
              <Tick
                key={rule}
                label={ruleWords[rule]}
                checked={rules.includes(rule)}
                onChange={(checked) =>
                  setRules(pageRules.filter((one) => (one === rule ? checked : rules.includes(one))))
                }
              />
            ))}
            <span className="mt-2 font-medium">Duplicates and private data</span>
            {tick("exact", "Drop exact duplicates")}
            {tick("near", "Drop near duplicates (MinHash, 80 %)")}
            {tick("mask", "Mask e-mail and IP addresses, phone and card numbers, keys")}
          </fieldset>
        </div>
      </Card>
      <Card title="3 Quality by a reward model">
        <ScorerFields {...scorer} set={(change) => setScorer({ ...scorer, ...change })} />
      </Card>
      {begin.error && <Problem error={begin.error} />}
      <Button type="submit" kind="primary" className="justify-self-start" disabled={!hydrated || begin.isPending}>
        Make training text
      </Button>
    </form>
  );
}

function Tick({ label, checked, onChange }: { label: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="checkbox"
        checked={checked}
        onChange={({ target }) => onChange(target.checked)}
        className="mt-1 accent-(--accent)"
      />
      {label}
    </label>
  );
}
