"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Sparkles } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import {
  endpointsQuery,
  fillQuery,
  modelsQuery,
  queuesQuery,
  runsQuery,
  trainingSetsQuery,
} from "@/app/_client/queries";
import { type FillInput, fewestAnswers, fillState } from "@/lib/generation/fill-schema";
import { setKey } from "@/lib/runs/run-schema";
import { methodOf } from "@/spec/methods/all";
import { bundledModels } from "@/spec/models";
import { Button } from "../../ui/buttons";
import { Card, Problem } from "../../ui/cards";
import { mayHere } from "../../ui/may";
import { ModelSetting } from "../../ui/model-input";
import { useHydrated } from "../../ui/use-hydrated";

/** In the list of models: one that is not listed, by its path. */
const byPath = "by path";
/** Until all models are known. */
const bundled = bundledModels.map(({ name }) => ({ kind: "base", id: name, name, scores: false }));
const box = "w-full rounded-md border bg-canvas px-3 py-2";

/** Generates responses to each prompt, two or more where they are compared: by one model, or by any two that are compared blind. `from` is whose prompts are chosen first, `writer` what answers them: `base:MODEL`, `run:ID` or `endpoint:ID`. */
export function GenerateForm({ from, writer }: { from: string; writer: string }) {
  const hydrated = useHydrated();
  const client = useQueryClient();
  const router = useRouter();
  const { data: runs = [] } = useQuery(runsQuery);
  const { data: queues = [] } = useQuery(queuesQuery);
  const { data: sets = [] } = useQuery(trainingSetsQuery);
  const { data: models = bundled } = useQuery(modelsQuery);
  const { data: endpoints = [] } = useQuery({ ...endpointsQuery, enabled: hydrated && mayHere("write") });
  const { data: state } = useQuery(fillQuery);
  const [input, setInput] = useState<FillInput>({
    queue: "Generated responses",
    first: writer,
    second: null,
    prompts: from,
    count: 40,
    answers: 2,
    question: "compare",
    temperature: 1,
    longest: 128,
  });
  const [typesPath, setTypesPath] = useState(
    writer.startsWith("base:") && bundledModels.every(({ name }) => `base:${name}` !== writer),
  );
  const set = (change: Partial<FillInput>) =>
    setInput((before) => {
      const next = { ...before, ...change };
      return { ...next, answers: Math.max(next.answers, fewestAnswers(next)) };
    });
  const start = useMutation({
    mutationFn: () => send("POST", "/api/queues/fill", input, fillState),
    onSuccess: (begun) => client.setQueryData(fillQuery.queryKey, begun),
  });
  const fewest = fewestAnswers(input);
  const running = state?.running ?? false;
  useEffect(() => {
    if (state && !running) router.refresh(); // the table above counts the new records
  }, [state, running, router]);

  const tuned = runs.filter((run) => run.status === "finished" && methodOf(run).produces === "policy");
  const bases = models.filter(({ kind, scores }) => kind === "base" && !scores);
  const writers = [
    ...bases.map(({ id, name }) => ({ value: `base:${id}`, label: `${name} (base)` })),
    ...tuned.map(({ id, name, model }) => ({ value: `run:${id}`, label: `${name} (${model})` })),
    ...endpoints.map(({ id, name, model }) => ({ value: `endpoint:${id}`, label: `${name} (endpoint, ${model})` })),
  ];
  const others = writers.filter(({ value }) => value !== input.first);
  return (
    <Card title="Generate responses">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate();
        }}
      >
        <fieldset disabled={!hydrated || running} className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
          <Field label="Model A">
            <select
              value={typesPath ? byPath : input.first}
              onChange={({ target: { value } }) => {
                setTypesPath(value === byPath);
                set({ first: value === byPath ? "base:" : value, second: null });
              }}
              className={box}
            >
              {writers.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
              <option value={byPath}>another model, by path</option>
            </select>
          </Field>
          {typesPath && (
            <div className="min-w-0 sm:col-span-2">
              <ModelSetting
                label="Model"
                value={input.first.slice("base:".length)}
                onChange={(model) => set({ first: `base:${model}`, second: null })}
                help="A folder in Hugging Face layout or a .gguf file"
              />
            </div>
          )}
          <Field label="Model B">
            <select
              value={input.second ?? ""}
              onChange={(event) => set({ second: event.target.value || null })}
              className={box}
            >
              <option value="">same as A</option>
              {others.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </Field>
          <Field label="Prompts from">
            <select value={input.prompts} onChange={(event) => set({ prompts: event.target.value })} className={box}>
              <option value="everyday">everyday questions (sample)</option>
              <option value="film-reviews">film reviews (sample)</option>
              {queues.map(({ id, name }) => (
                <option key={id} value={`queue:${id}`}>
                  {name}
                </option>
              ))}
              {sets
                .filter(({ kind, holds }) => kind === "labelled" && holds !== "text")
                .map((set) => (
                  <option key={setKey(set)} value={setKey(set)}>
                    {set.name}
                  </option>
                ))}
            </select>
          </Field>
          <Field label="Add to dataset">
            <input
              required
              maxLength={80}
              value={input.queue}
              onChange={(event) => set({ queue: event.target.value })}
              className={box}
            />
          </Field>
          <NumberField
            label="Number of prompts"
            value={input.count}
            min={1}
            max={10_000}
            onChange={(count) => set({ count })}
          />
          <NumberField
            label="Responses per prompt"
            value={input.answers}
            min={fewest}
            max={8}
            onChange={(answers) => set({ answers })}
          />
          <Field label="Question">
            <select
              value={input.question}
              onChange={(event) => set({ question: event.target.value as FillInput["question"] })}
              className={box}
            >
              <option value="compare">which response is better</option>
              <option value="single">each response: good or bad</option>
              <option value="steps">each response: its first wrong step</option>
            </select>
          </Field>
          <NumberField
            label="Max new tokens"
            value={input.longest}
            min={1}
            max={1024}
            onChange={(longest) => set({ longest })}
          />
          <NumberField
            label="Temperature"
            value={input.temperature}
            min={0}
            max={10}
            step={0.1}
            onChange={(temperature) => set({ temperature })}
          />
          <div className="flex items-end">
            <Button type="submit" kind="primary" disabled={running || start.isPending || input.first === "base:"}>
              <Sparkles size={15} aria-hidden /> {running ? "Generating…" : "Generate"}
            </Button>
          </div>
        </fieldset>
      </form>
      <p className="mt-2 text-soft text-xs">
        Annotators see which model wrote which response only after their vote. Truncated and near-identical responses
        are dropped.
      </p>
      {start.error && (
        <div className="mt-3">
          <Problem error={start.error} />
        </div>
      )}
      {state && (
        <p className={`numbers mt-3 ${state.error ? "text-bad" : ""}`} role="status">
          {state.queue}: {state.error ?? state.said}
        </p>
      )}
    </Card>
  );
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="grid min-w-0 gap-1">
      <span className="font-medium">{label}</span>
      {children}
    </label>
  );
}

interface NumberProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step?: number;
  onChange: (value: number) => void;
}

function NumberField({ label, value, min, max, step = 1, onChange }: NumberProps) {
  return (
    <Field label={label}>
      <input
        type="number"
        required
        value={value}
        min={min}
        max={max}
        step={step}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        className={`numbers ${box}`}
      />
    </Field>
  );
}
