"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { modelsQuery } from "@/app/_client/queries";
import { box, Field } from "./field";
import { LeastScoreField } from "./least-score";

interface Scorer {
  /** Empty: none. */
  model: string;
  prompt: string;
  min: string;
}

/** A reward model that scores what the other steps keep. */
export function ScorerFields({ model, prompt, min, set }: Scorer & { set: (change: Partial<Scorer>) => void }) {
  const { data: models } = useQuery(modelsQuery);
  const scorers = models?.flatMap(({ kind, id, name, base, scores }) => {
    if (kind === "reward") return [{ value: `run:${id}`, label: `${name} (${base})` }];
    return scores ? [{ value: id, label: name }] : [];
  });
  if (scorers?.length === 0) return <NoScorer />;
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Reward model">
        {(id) => (
          <select id={id} value={model} className={box} onChange={({ target }) => set({ model: target.value })}>
            <option value="">none</option>
            {scorers?.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {model !== "" && (
        <>
          <LeastScoreField value={min} onChange={(typed) => set({ min: typed })} />
          <Field label="Read each document as the answer to">
            {(id) => (
              <input
                id={id}
                value={prompt}
                placeholder="nothing: it is plain text"
                className={box}
                onChange={({ target }) => set({ prompt: target.value })}
              />
            )}
          </Field>
        </>
      )}
    </div>
  );
}

const NoScorer = () => (
  <p className="max-w-prose text-soft">
    A reward model scores what the steps above keep, and there is none yet:{" "}
    <Link href="/runs/new" className="text-accent underline">
      train one
    </Link>{" "}
    by the method <i>Reward model</i> on pairs of better and worse texts, or add a classifier with one label on{" "}
    <Link href="/models" className="text-accent underline">
      Models
    </Link>
    .
  </p>
);
