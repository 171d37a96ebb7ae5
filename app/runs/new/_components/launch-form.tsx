"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Rocket } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { send } from "@/app/_client/checked-fetch";
import { RequestError } from "@/app/_client/fetch";
import { runsQuery, trainingSetsQuery } from "@/app/_client/queries";
import { presets } from "@/lib/runs/presets";
import { rewardFirst } from "@/lib/runs/reward-first";
import { type FormStart, launched, setKey, type TrainingSet, trainFirst } from "@/lib/runs/run-schema";
import { unsuited } from "@/lib/runs/unsuited";
import { type Method, problemList, runConfig } from "@/spec/config";
import { currentNames } from "@/spec/former-names";
import { allMethods, methodOf } from "@/spec/methods/all";
import { preflightReport } from "@/spec/reports";
import { Button } from "../../../ui/buttons";
import { Card, Problem } from "../../../ui/cards";
import { Choice } from "../../../ui/choice";
import { useHydrated } from "../../../ui/use-hydrated";
import { Advanced } from "./advanced";
import { adviceBeyond, usualOf } from "./advice";
import { DryRun } from "./dry-run";
import { FieldInput } from "./field-input";
import { adapterType, changesBetween, type Field, fieldsOf, toConfig } from "./fields";
import {
  atFields,
  byPath,
  inputName,
  requireFields,
  rowWords,
  startValues,
  type Values,
  withAdapterType,
  withMethod,
} from "./form-values";
import { Memory } from "./memory";
import { ModelField } from "./model-field";
import { optionsOf } from "./options";
import { DataSelect } from "./pickers";
import { Preflight } from "./preflight";
import { RewardFirst, useRewardFirst } from "./reward-first";
import { RunFile } from "./run-file";
import { SetField } from "./set-field";
import { Summary } from "./summary";
import { noSweep, readSweep, Sweep } from "./sweep";

export function LaunchForm({ start }: { start: FormStart }) {
  const [method, setMethod] = useState(start.config.method as Method);
  const spec = methodOf({ method });
  const { data: sets = [] } = useQuery(trainingSetsQuery);
  const { data: runs = [] } = useQuery(runsQuery);
  const [preset, setPreset] = useState(start.preset);
  const [name, setName] = useState(start.name);
  const [set, setSet] = useState(start.set);
  const [sweep, setSweep] = useState(noSweep);
  const [changed, setChanged] = useState<string[]>([]);
  const { register, control, reset, setValue } = useForm<Values>({ defaultValues: startValues(method, start.config) });
  const values = useWatch({ control }) as Values;
  const fields = fieldsOf(method, values[inputName(adapterType)]);

  const config = toConfig(method, fields, byPath(values));
  const checked = runConfig.safeParse({
    ...config,
    data: { ...(config.data as object), train: "chosen above" },
    output: "chosen by the server",
  });
  const swept = readSweep(sweep);
  const chosenSet = sets.find((s) => setKey(s) === set);
  const invalid = checked.success ? [] : atFields(problemList(checked.error));
  const problems = [...(chosenSet ? unsuited(method, chosenSet) : []), ...invalid];

  /** The form as a run file has it: a preset's, a clone's, or what was typed as text. */
  const take = (file: Record<string, unknown>) => {
    const given = currentNames(file) as Record<string, unknown>;
    const next = given.method as Method;
    setMethod(next);
    setChanged([]);
    reset(startValues(next, given));
  };

  const apply = (id: string) => {
    const chosen = presets.find((p) => p.id === id);
    if (!chosen) return;
    setPreset(id);
    setName(chosen.name);
    const ranked = sets.find((s) => s.kind === "queue" && s.rows > 0) ?? sets.find((s) => s.kind === "queue");
    setSet(chosen.data.kind === "sample" ? `sample:${chosen.data.id}` : `queue:${ranked?.id ?? ""}`);
    take(chosen.config);
  };

  const choose = (next: Method) => {
    setMethod(next);
    const after = withMethod(next, values);
    setChanged(changesBetween(fields, byPath(values), fieldsOf(next), byPath(after)));
    reset(after);
  };

  const [kind, id] = set.split(":") as [TrainingSet["kind"], string];
  const described = { data: { kind, id: kind === "sample" ? id : Number(id) }, config };
  const rewardModel = useRewardFirst((config.model as { source?: string }).source);
  const trainsFirst = JSON.stringify(config).includes(`"${trainFirst}"`);
  const first = trainsFirst && rewardModel.settings ? rewardFirst(name, config, rewardModel.settings) : undefined;
  const blocked = problems.length > 0 || (trainsFirst && !first);
  const look = useMutation({ mutationFn: (input: object) => send("POST", "/api/preflight", input, preflightReport) });
  const hydrated = useHydrated();
  const router = useRouter();
  const client = useQueryClient();
  const launch = useMutation({
    mutationFn: () =>
      send(
        "POST",
        "/api/runs",
        {
          name,
          ...described,
          first,
          parent: start.parent,
          sweep: swept && "sweep" in swept ? swept.sweep : undefined,
        },
        launched,
      ),
    onSuccess: async ({ id, ids }) => {
      await client.invalidateQueries({ queryKey: runsQuery.queryKey });
      router.push(swept ? `/compare?runs=${ids.join()}&by=${sweep.rows[0]!.path}` : `/runs/${id}`);
    },
  });
  const refused = launch.error instanceof RequestError ? atFields(launch.error.problems) : [];
  const problemAt = (path: string) => [...problems, ...refused].find((problem) => problem.path === path)?.message;
  const usual = checked.success ? usualOf(checked.data) : {};
  const input = (field: Field) =>
    field.path === "model.source" ? (
      <ModelField
        key={field.path}
        field={field}
        value={String(values[inputName(field.path)] ?? "")}
        onChange={(model) => setValue(inputName(field.path), model)}
        problem={problemAt(field.path)}
      />
    ) : field.kind === "set" ? (
      <SetField
        key={field.path}
        field={field}
        value={values[inputName(field.path)]}
        onChange={(chosen) => setValue(inputName(field.path), chosen)}
        problem={problemAt(field.path)}
      />
    ) : (
      <FieldInput
        key={field.path}
        field={field}
        usual={usual[field.path]}
        problem={problemAt(field.path)}
        register={register(inputName(field.path), {
          onChange: ({ target }) => field.path === adapterType && reset(withAdapterType(method, values, target.value)),
        })}
        options={optionsOf(field, runs, sets, values[inputName(field.path)])}
      />
    );

  return (
    <form
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked) launch.mutate();
      }}
    >
      <fieldset disabled={!hydrated} className="grid min-w-0 gap-4">
        <Card title="Template">
          <div className="grid gap-2 sm:grid-cols-2">
            {presets.map(({ id, name, about, source }) => (
              <Choice
                key={id}
                group="preset"
                label={name}
                about={`${about}. Settings: ${source}.`}
                checked={preset === id}
                onChange={() => apply(id)}
              />
            ))}
          </div>
        </Card>
        <Card title="Method">
          <div className="grid gap-2 sm:grid-cols-2">
            {allMethods.map(({ name: id, label, about }) => (
              <Choice
                key={id}
                group="method"
                label={label}
                about={`${about} ${rowWords(id, chosenSet)}`}
                checked={method === id}
                onChange={() => choose(id)}
              />
            ))}
          </div>
          {changed.length > 0 && (
            <p className="numbers mt-2 text-warn text-xs" aria-live="polite">
              {spec.label} has defaults of its own: {changed.join("; ")}.
            </p>
          )}
        </Card>
        <Card title="Data">
          <label className="mb-3 grid gap-1">
            <span className="font-medium">Run name</span>
            <input
              required
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.target.value)}
              className="rounded-md border bg-canvas px-3 py-2"
            />
          </label>
          <DataSelect
            label={spec.dataLabel}
            sets={sets.filter((one) => spec.reads.includes(one.holds) || one === chosenSet)}
            value={set}
            onChange={setSet}
          />
          {chosenSet && <p className="mt-1 text-soft text-xs">{chosenSet.about}.</p>}
        </Card>
        <Preflight look={look} described={described} disabled={problems.length > 0} />
        <Card title="Basic settings">
          <div className="grid gap-4 sm:grid-cols-2">
            {fields.filter((field) => field.shown === "essential").map(input)}
          </div>
        </Card>
        <Advanced
          fields={fields.filter((field) => field.shown === "advanced")}
          values={byPath(values)}
          problems={[...problems, ...refused]}
          input={input}
        />
      </fieldset>
      <Summary
        resolved={checked.success ? checked.data : null}
        name={name}
        learned={chosenSet ? spec.counted(chosenSet) : { count: 0, words: "pairs" }}
        problems={problems}
        advice={checked.success ? adviceBeyond(presets.find(({ id }) => id === preset)?.config, checked.data) : []}
      >
        {trainsFirst && <RewardFirst name={`${name}: reward model`} rows={chosenSet?.rows ?? 0} first={rewardModel} />}
        <Memory look={look} described={described} disabled={problems.length > 0} />
        <DryRun described={described} disabled={problems.length > 0 || trainsFirst} />
        <Sweep sweep={sweep} set={setSweep} fields={fields} />
        <RunFile
          config={config}
          take={(typed) => {
            requireFields(currentNames(typed) as Record<string, unknown>);
            take(typed);
          }}
        />
        {launch.error && <Problem error={launch.error} />}
        <Button
          type="submit"
          kind="primary"
          disabled={blocked || launch.isPending || Boolean(swept && "problem" in swept)}
          className="w-full"
        >
          <Rocket size={15} aria-hidden />{" "}
          {launch.isPending ? "Checking the data…" : swept || trainsFirst ? "Queue the runs" : "Start run"}
        </Button>
      </Summary>
    </form>
  );
}
