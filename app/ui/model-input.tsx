"use client";

import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { RequestError } from "@/app/_client/fetch";
import { modelQuery, modelsQuery } from "@/app/_client/queries";
import { lookWords } from "@/lib/models/look-words";
import { bundledModels } from "@/spec/models";
import type { ModelLook } from "@/spec/reports";
import { Combobox } from "./combobox";
import { useSettled } from "./use-settled";

interface Props {
  id: string;
  value: string;
  onChange: (value: string) => void;
  /** A known problem with the value. */
  problem?: string | undefined;
  /** Shown while nothing is known of the model. */
  help?: string;
}

/** What is suggested until all models are known. */
const bundled = bundledModels.map(({ name, about }) => ({ kind: "base", id: name, name, about }));

/** A model by name or path, checked as it is typed. Suggests the bundled models and those of earlier runs. */
export function ModelInput({ id, value, onChange, problem, help = "" }: Props) {
  const { data: models = bundled } = useQuery(modelsQuery);
  const settled = useSettled(value.trim(), 300);
  const look = useQuery({ ...modelQuery(settled), enabled: settled !== "" });
  const current = settled === value.trim();
  const wrong = problem ?? (current && look.error ? wordsOf(look.error) : undefined);
  const suggestions = models
    .filter(({ kind }) => kind === "base")
    .map(({ id, name, about }) => ({ value: id, about: name === id ? about || "used by a run" : name }));
  return (
    <>
      <Combobox
        id={id}
        value={value}
        suggestions={suggestions}
        label="Models"
        onChange={onChange}
        describedBy={`${id}-help`}
        invalid={wrong !== undefined}
      />
      <p id={`${id}-help`} aria-live="polite" className={`mt-1 text-xs ${wrong ? "text-bad" : "text-soft"}`}>
        {wrong ?? (current && look.data ? foundWords(look.data) : help)}
      </p>
    </>
  );
}

const wordsOf = (error: Error): string =>
  (error instanceof RequestError ? error.problems[0]?.message : undefined) ?? error.message;

const foundWords = (look: ModelLook): string =>
  `${look.form === "gguf" ? "A .gguf file" : "A folder"}: ${lookWords(look)}`;

/** The same under its label, among other settings. */
export function ModelSetting({ label, ...props }: Omit<Props, "id"> & { label: string }) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <ModelInput id={id} {...props} />
    </div>
  );
}
