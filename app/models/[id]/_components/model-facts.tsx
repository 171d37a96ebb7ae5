"use client";

import { useQuery } from "@tanstack/react-query";
import { PenLine } from "lucide-react";
import type { Route } from "next";
import type { ReactNode } from "react";
import { modelFactsQuery } from "@/app/_client/queries";
import { lookWords } from "@/lib/models/look-words";
import type { ModelFacts } from "@/spec/model-facts";
import { buttonClass } from "../../../ui/buttons";
import { Card, Problem } from "../../../ui/cards";
import { memoryWords, number } from "../../../ui/format";
import { Link } from "../../../ui/link";
import { Table } from "../../../ui/table";
import { modelPage } from "../../model-path";
import { OnGpus } from "./on-gpus";

/** What the files of a base model say, once they are read. `ofBase`: its name where the page is of a model that was trained from it. */
export function ModelFactsCards({ source, ofBase }: { source: string; ofBase: string | null }) {
  const { data: facts, error } = useQuery(modelFactsQuery(source));
  const of = (title: string) => (ofBase === null ? title : `${title} of ${ofBase}`);
  if (error) return <Problem error={error} />;
  if (!facts)
    return (
      <Card title={of("Files")}>
        <p className="text-soft">Reading its config and its tokenizer…</p>
      </Card>
    );
  return (
    <>
      <Files title={of("Files")} facts={facts} />
      <Memory title={of("Memory")} facts={facts} />
      <Template title={of("Chat template")} facts={facts} source={source} />
      <Tokenizer title={of("Tokenizer")} facts={facts} />
      <OnGpus title={of("Training on GPUs")} shape={facts.shape} />
    </>
  );
}

interface Props {
  title: string;
  facts: ModelFacts;
}

function Files({ title, facts: { look, licence, storedAs, vocabulary, embeddingShare, ends, notes } }: Props) {
  return (
    <Card title={title}>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1">
        <Fact name="Model">{lookWords(look)}</Fact>
        <Fact name="Licence">{licence ?? "not named in its files"}</Fact>
        <Fact name="Stored as">
          {look.form === "gguf" ? "one GGUF file" : "safetensors"}, {storedAs.join(", ")}
        </Fact>
        <Fact name="Vocabulary">
          {vocabulary.toLocaleString("en")} tokens; its embedding is {number(100 * embeddingShare, 1)} % of the
          parameters
        </Fact>
        <Fact name="Ends a response">
          <span className="font-mono text-xs">{ends.join(" ")}</span>
        </Fact>
      </dl>
      {notes.map((note) => (
        <p key={note} className="mt-2 text-soft text-sm">
          {note}
        </p>
      ))}
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

function Memory({ title, facts: { sizes, cacheBytesPerToken } }: Props) {
  return (
    <Card title={title}>
      <Table
        rows={sizes}
        keyOf={({ precision }) => precision}
        columns={[
          { name: "Precision", cell: ({ precision }) => <span className="font-mono text-xs">{precision}</span> },
          { name: "Weights", numeric: true, cell: ({ bytes }) => memoryWords(bytes) },
        ]}
      />
      <p className="mt-2 text-soft text-sm">
        Runs hold weights in float32 or bfloat16, those of linear layers also in 4 bits; exported GGUF files have the
        other types. Sampling keeps {memoryWords(1000 * cacheBytesPerToken)} of keys and values for each 1,000 tokens.
      </p>
    </Card>
  );
}

function Template({ title, facts: { template, look }, source }: Props & { source: string }) {
  const edit = look.scores ? undefined : (
    <Link href={`${modelPage(source)}/template` as Route} className={buttonClass()}>
      <PenLine size={15} aria-hidden /> {template.source === null ? "Write one" : "Edit"}
    </Link>
  );
  if (template.source === null)
    return (
      <Card title={title} action={edit}>
        <p className="text-soft">It has none: it learns from plain text, not from conversations.</p>
      </Card>
    );
  return (
    <Card title={title} action={edit}>
      {template.problem && (
        <p className="mb-2 text-warn">
          {template.example === null ? "It cannot be rendered" : "It takes no system message"}: {template.problem}
        </p>
      )}
      {template.example !== null && <Code label="A conversation in its chat template">{template.example}</Code>}
      <details className="mt-2">
        <summary className="cursor-pointer text-soft">Jinja source</summary>
        <Code label="The chat template's source">{template.source}</Code>
      </details>
    </Card>
  );
}

const Code = ({ label, children }: { label: string; children: string }) => (
  <section tabIndex={0} aria-label={label} className="mt-1 max-h-72 overflow-auto rounded-md border bg-canvas p-3">
    <pre className="whitespace-pre-wrap font-mono text-xs">{children}</pre>
  </section>
);

const languageNames = new Intl.DisplayNames("en", { type: "language" });

function Tokenizer({ title, facts: { languages } }: Props) {
  const rows = languages.toSorted((a, b) => a.againstEnglish - b.againstEnglish);
  return (
    <Card title={title}>
      <section className="max-h-96 overflow-auto" tabIndex={0} aria-label="Tokenizer: table">
        <Table
          rows={rows}
          keyOf={({ code }) => code}
          columns={[
            { name: "Language", cell: ({ code }) => languageNames.of(code) ?? code },
            { name: "Tokens per character", numeric: true, cell: (row) => number(row.tokensPerCharacter, 2) },
            {
              name: "Compared with English",
              about: "Tokens of the same clauses for each token of the English ones",
              numeric: true,
              cell: (row) => number(row.againstEnglish, 2),
            },
          ]}
        />
      </section>
      <p className="mt-2 text-soft text-sm">Twenty clauses that say the same in each language.</p>
    </Card>
  );
}
