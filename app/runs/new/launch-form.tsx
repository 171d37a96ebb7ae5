"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Rocket } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { send } from "@/lib/fetch";
import { runsQuery, trainingSetsQuery } from "@/lib/queries";
import { methods } from "@/lib/runs/methods";
import { presets } from "@/lib/runs/presets";
import type { FormStart, RunSummary, TrainingSet } from "@/lib/runs/schema";
import { type Method, runConfig, samples } from "@/trainers/config";
import { Button } from "../../ui/buttons";
import { Card, Problem } from "../../ui/cards";
import { useHydrated } from "../../ui/use-hydrated";
import { FieldInput, type Option } from "./field-input";
import { type Field, fieldsOf, toConfig, toValues } from "./fields";
import { Preflight } from "./preflight";
import { Recipe } from "./recipe";

const models = ["tiny", "smollm2-135m-instruct"];
/** Fields that take what a reward run left behind. */
const scored = [
  "ppo.reward.model",
  "ppo.value.init",
  "rloo.reward.model",
  "grpo.reward.model",
  "iterativeDpo.judge.model",
  "sampleReward",
];

function optionsOf(field: Field, runs: RunSummary[], sets: TrainingSet[]): Option[] {
  if (field.path === "iterativeDpo.judge.queue")
    return [
      { value: "new", label: "a new queue of this run" },
      ...sets.flatMap(({ kind, id, name }) => (kind === "queue" ? [{ value: String(id), label: name }] : [])),
    ];
  if (scored.includes(field.path))
    return runs
      .filter(({ method, status }) => method === "reward" && status === "finished")
      .map(({ id, name, model }) => ({ value: `run:${id}`, label: `${name} (${model})` }));
  return (field.path === "model.source" ? models : field.choices).map((value) => ({ value, label: value }));
}

type Values = Record<string, unknown>;

// react-hook-form reads dots as nesting; our paths are flat names.
const inputName = (path: string) => path.replaceAll(".", "/");
const byPath = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name.replaceAll("/", "."), value]));

function startValues(fields: Field[], config: Record<string, unknown>): Values {
  const given = toValues(config);
  return Object.fromEntries(fields.map(({ path, initial }) => [inputName(path), given[path] ?? initial ?? ""]));
}

export function LaunchForm({ start }: { start: FormStart }) {
  const [method, setMethod] = useState(start.config.method as Method);
  const fields = fieldsOf(method);
  const { data: sets = [] } = useQuery(trainingSetsQuery);
  const { data: runs = [] } = useQuery(runsQuery);
  const [preset, setPreset] = useState(start.preset);
  const [name, setName] = useState(start.name);
  const [set, setSet] = useState(start.set);
  const { register, control, reset } = useForm<Values>({ defaultValues: startValues(fields, start.config) });
  const values = useWatch({ control }) as Values;

  const config = toConfig(method, fields, byPath(values));
  const checked = runConfig.safeParse({
    ...config,
    data: { ...(config.data as object), train: "chosen above" },
    output: "chosen by the server",
  });
  const problems = checked.success
    ? []
    : checked.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));

  const apply = (id: string) => {
    const chosen = presets.find((p) => p.id === id);
    if (!chosen) return;
    const next = chosen.config.method as Method;
    setPreset(id);
    setMethod(next);
    setName(chosen.name);
    setSet(
      chosen.data.kind === "sample"
        ? `sample:${chosen.data.id}`
        : `queue:${sets.find((s) => s.kind === "queue" && s.rows > 0)?.id ?? sets.find((s) => s.kind === "queue")?.id ?? ""}`,
    );
    reset(startValues(fieldsOf(next), chosen.config));
  };

  const choose = (next: Method) => {
    setMethod(next);
    const kept = next === "reward" ? { ...values, [inputName("sampleEvery")]: "" } : values; // it has no answers to give
    reset({ ...startValues(fieldsOf(next), {}), ...kept });
  };

  const [kind, id] = set.split(":") as [TrainingSet["kind"], string];
  const described = { data: { kind, id: kind === "sample" ? id : Number(id) }, config };
  const hydrated = useHydrated();
  const router = useRouter();
  const client = useQueryClient();
  const launch = useMutation({
    mutationFn: () => send<{ id: string }>("POST", "/api/runs", { name, ...described }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: runsQuery.queryKey });
      router.push(`/runs/${id}`);
    },
  });

  const problemAt = (path: string) => problems.find((problem) => problem.path === path)?.message;
  const input = (field: Field) => (
    <FieldInput
      key={field.path}
      field={field}
      problem={problemAt(field.path)}
      register={register(inputName(field.path))}
      options={optionsOf(field, runs, sets)}
    />
  );
  const chosenSet = sets.find((s) => `${s.kind}:${s.id}` === set);

  return (
    <form
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]"
      onSubmit={(event) => {
        event.preventDefault();
        if (problems.length === 0) launch.mutate();
      }}
    >
      <fieldset disabled={!hydrated} className="grid min-w-0 gap-4">
        <Card title="Start from">
          <div className="grid gap-2 sm:grid-cols-2">
            {presets.map(({ id, name, about }) => (
              <Choice
                key={id}
                group="preset"
                label={name}
                about={about}
                checked={preset === id}
                onChange={() => apply(id)}
              />
            ))}
          </div>
        </Card>
        <Card title="Method">
          <div className="grid gap-2 sm:grid-cols-2">
            {(Object.keys(methods) as Method[]).map((id) => (
              <Choice
                key={id}
                group="method"
                label={methods[id].name}
                about={methods[id].about}
                checked={method === id}
                onChange={() => choose(id)}
              />
            ))}
          </div>
        </Card>
        <Card title="Data">
          <label className="mb-3 grid gap-1">
            <span className="font-medium">Name of the run</span>
            <input
              required
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.target.value)}
              className="rounded-md border bg-canvas px-3 py-2"
            />
          </label>
          <DataSelect
            label={samples({ method }) ? "Prompts" : "Training pairs"}
            sets={sets.filter((one) => one.kind !== "rewrites" || method === "sft")}
            value={set}
            onChange={setSet}
          />
          {chosenSet && <p className="mt-1 text-soft text-xs">{chosenSet.about}.</p>}
        </Card>
        <Preflight described={described} disabled={problems.length > 0} />
        <Card title="Essentials">
          <div className="grid gap-4 sm:grid-cols-2">
            {fields.filter((field) => field.shown === "essential").map(input)}
          </div>
        </Card>
        <details
          className="rounded-md border bg-surface p-4"
          open={
            problems.some(({ path }) => fields.find((field) => field.path === path)?.shown === "advanced") || undefined
          }
        >
          <summary className="font-semibold">Advanced</summary>
          <div className="mt-3 grid gap-4 sm:grid-cols-2">
            {fields.filter((field) => field.shown === "advanced").map(input)}
          </div>
        </details>
      </fieldset>
      <Recipe
        config={config}
        resolved={checked.success ? checked.data : null}
        name={name}
        rows={chosenSet?.rows ?? 0}
        problems={problems}
      >
        {launch.error && <Problem error={launch.error} />}
        <Button type="submit" kind="primary" disabled={problems.length > 0 || launch.isPending} className="w-full">
          <Rocket size={15} aria-hidden /> {launch.isPending ? "Starting…" : "Start run"}
        </Button>
      </Recipe>
    </form>
  );
}

function Choice({
  group,
  label,
  about,
  checked,
  onChange,
}: {
  group: string;
  label: string;
  about: string;
  checked: boolean;
  onChange: () => void;
}) {
  return (
    <label className="flex cursor-pointer gap-2.5 rounded-md border p-3 hover:bg-raised has-checked:border-accent has-checked:bg-accent-wash">
      <input type="radio" name={group} checked={checked} onChange={onChange} className="mt-1 accent-(--accent)" />
      <span>
        <span className="font-medium">{label}</span>
        <span className="block text-soft text-xs">{about}</span>
      </span>
    </label>
  );
}

const words: Record<TrainingSet["kind"], string> = { sample: "pairs", queue: "ranked pairs", rewrites: "rewrites" };

function DataSelect({
  label,
  sets,
  value,
  onChange,
}: {
  label: string;
  sets: TrainingSet[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <label className="grid gap-1">
      <span className="font-medium">{label}</span>
      <select
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="rounded-md border bg-canvas px-3 py-2"
      >
        {sets.map(({ kind, id, name, rows }) => (
          <option key={`${kind}:${id}`} value={`${kind}:${id}`}>
            {name}: {rows.toLocaleString("en")} {words[kind]}
          </option>
        ))}
      </select>
    </label>
  );
}
