"use client";

import { type QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { modelFactsQuery, modelsQuery } from "@/app/_client/queries";
import type { KnownModel } from "@/lib/models/models-schema";
import type { ModelFacts } from "@/spec/model-facts";
import { Problem } from "../../ui/cards";
import { number } from "../../ui/format";
import { Link } from "../../ui/link";
import { Table } from "../../ui/table";
import { modelPage } from "../model-path";

/** What a larger vocabulary buys, shorter texts, and what it takes of the parameters: for all base models, once it is opened. */
export function Tokenizers() {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className="mt-4 rounded-md border bg-surface px-4 py-2"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="cursor-pointer">Compare tokenizers</summary>
      {isOpen && <Comparison />}
    </details>
  );
}

function Comparison() {
  const client = useQueryClient();
  const { data: models = [] } = useQuery(modelsQuery);
  const bases = models.filter(({ kind, bytes }) => kind === "base" && bytes !== null);
  const { data: found } = useQuery(tokenizersQuery(client, bases));
  if (!found) return <p className="py-2 text-soft">Reading {bases.length} tokenizers…</p>;
  const rows = found.flatMap((one) => ("error" in one ? [] : one)).sort((a, b) => a.vocabulary - b.vocabulary);
  const most = Math.max(1, ...rows.map(({ english }) => english), ...rows.map(({ mean }) => mean));
  return (
    <section className="overflow-x-auto py-2" tabIndex={0} aria-label="Tokenizers: table">
      <Table
        className="min-w-[44rem]"
        rows={rows}
        keyOf={({ id }) => id}
        columns={[
          { name: "Model", cell: ({ id, name }) => <Link href={modelPage(id)}>{name}</Link> },
          { name: "Vocabulary", unit: "tokens", numeric: true, cell: (row) => row.vocabulary.toLocaleString("en") },
          {
            name: "Embedding",
            unit: "% of parameters",
            about: "With the head, where that is another matrix",
            numeric: true,
            cell: ({ share }) => number(100 * share, 1),
          },
          { name: "English", unit: "characters/token", numeric: true, cell: ({ english }) => number(english, 2) },
          {
            name: "Mean of 20 languages",
            unit: "characters/token",
            numeric: true,
            cell: ({ mean }) => number(mean, 2),
          },
          { name: "Chart", silent: true, cell: (row) => <Dots {...row} most={most} /> },
        ]}
      />
      <p className="mt-2 text-soft text-sm">
        Of twenty clauses that say the same in each language. More characters a token: shorter texts, which train and
        sample faster. Dots: English; rings: mean of 20 languages.
      </p>
      {found.map((one) => "error" in one && <Problem key={one.id} error={one.error} />)}
    </section>
  );
}

/** One after the other, since each is read by a program of its own. */
const tokenizersQuery = (client: QueryClient, bases: KnownModel[]) =>
  queryOptions({
    queryKey: ["models", "tokenizers", bases.map(({ id }) => id)],
    queryFn: async () => {
      const found: (ReturnType<typeof tokenizerOf> | { id: string; error: unknown })[] = [];
      for (const { id, name } of bases) {
        try {
          found.push(tokenizerOf(id, name, await client.ensureQueryData(modelFactsQuery(id))));
        } catch (error) {
          found.push({ id, error });
        }
      }
      return found;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

function tokenizerOf(id: string, name: string, { vocabulary, embeddingShare: share, languages }: ModelFacts) {
  const english = languages.find(({ code }) => code === "en")!;
  const mean = languages.reduce((sum, one) => sum + 1 / one.tokensPerCharacter, 0) / languages.length;
  return { id, name, vocabulary, share, english: 1 / english.tokensPerCharacter, mean };
}

const [width, height, margin] = [180, 16, 6];

/** Where the numbers beside it stand between 0 and the most of any model. */
function Dots({ english, mean, most }: { english: number; mean: number; most: number }) {
  const x = (value: number) => margin + (value / most) * (width - 2 * margin);
  const y = height / 2;
  return (
    <svg width={width} height={height} aria-hidden="true">
      <line x1={margin} x2={width - margin} y1={y} y2={y} stroke="var(--line)" />
      <line x1={x(mean)} x2={x(english)} y1={y} y2={y} stroke="var(--accent)" strokeWidth="2" />
      <circle cx={x(english)} cy={y} r="4.5" fill="var(--accent)" />
      <circle cx={x(mean)} cy={y} r="4" fill="var(--surface)" stroke="var(--accent)" strokeWidth="2" />
    </svg>
  );
}
