"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { endpointsQuery, machineNamesQuery, modelQuery, modelsQuery, trainingSetsQuery } from "@/app/_client/queries";
import type { Mix } from "@/lib/runs/chosen-sets";
import { presets } from "@/lib/runs/presets";
import { type FormStart, type RunSummary, setKey } from "@/lib/runs/run-schema";
import { type Method, problemList, runConfig } from "@/spec/config";
import { currentNames } from "@/spec/former-names";
import { flat, type Nested } from "@/spec/paths";
import { useSettled } from "../../../ui/use-settled";
import { usualOf } from "./advice";
import { FieldInput } from "./field-input";
import { adapterType, changesBetween, type Field, fieldsOf, toConfig } from "./fields";
import { atFields, byPath, inputName, startValues, type Values, withAdapterType, withMethod } from "./form-values";
import { criteriaOf, evaluationCost, heldOutBeside, learnedFrom, readBy, setProblems } from "./mixed-sets";
import { ModelField } from "./model-field";
import { offeredLayers, optionsOf } from "./options";
import { SetField } from "./set-field";
import { noSweep, readSweep, sweepProblem } from "./sweep";
import { useDraft } from "./use-draft";

/** Everything that the launch form holds, what it comes to as a run, and what is wrong with it. */
export function useRunForm(start: FormStart, place: string) {
  const [method, setMethod] = useState(start.config.method as Method);
  const { data: sets = [] } = useQuery(trainingSetsQuery);
  const { data: models = [] } = useQuery(modelsQuery);
  const { data: machines = [] } = useQuery(machineNamesQuery);
  const { data: endpoints = [] } = useQuery(endpointsQuery);
  const endpointNames = endpoints.map(({ name }) => name);
  const [preset, setPreset] = useState(start.preset);
  const [name, setName] = useState(start.name);
  const [set, setSet] = useState(start.set);
  const [mix, setMix] = useState<Mix | null>(start.mix ?? null);
  const [evaluation, setEvaluation] = useState(start.evaluation ?? "");
  /** The share that is held out again where no set is evaluated on. */
  const [heldOut, setHeldOut] = useState<unknown>(0.1);
  const [sweep, setSweep] = useState(noSweep);
  const [notBefore, setNotBefore] = useState("");
  const [methodChanges, setMethodChanges] = useState<string[]>([]);
  const { register, control, reset, setValue } = useForm<Values>({ defaultValues: startValues(method, start.config) });
  const watched = useWatch({ control }) as Values;
  const values = byPath(watched);
  const source = useSettled(String(values["model.source"] ?? "").trim(), 300);
  const { data: model } = useQuery({ ...modelQuery(source), enabled: source !== "" }); // the model field asks for the same
  const hasExperts = model?.active !== undefined;
  const fields = fieldsOf(method, watched[inputName(adapterType)]);
  const labels = new Map(fields.map(({ path, label }) => [path, label]));
  const nameOf = (path: string) => dataFields[path] ?? labels.get(path) ?? path;

  const config = toConfig(method, fields, values);
  const problemsOf = (config: Nested) => schemaProblems(config, evaluation !== "");
  const checked = check(config, evaluation !== "");
  const read = readSweep(sweep);
  const wrong = read && "sweep" in read ? sweepProblem(read.sweep, config, problemsOf, nameOf) : null;
  const chosenSet = sets.find((one) => setKey(one) === set);
  const chosen = { set, mix, evaluation };
  const criterion = checked.success && checked.data.method === "reward" ? checked.data.reward.criterion : null;
  const learned = learnedFrom(
    method,
    chosen,
    readBy(sets, criterion),
    checked.success ? checked.data.data.maxRows : null,
  );
  const costly = checked.success ? evaluationCost(checked.data, chosen, sets, learned) : null;
  const problems = [...setProblems(method, chosen, sets), ...problemsOf(config)];

  /** The form as a run file has it: a preset's, a clone's, a draft's, or what was typed as text. */
  const take = (file: Record<string, unknown>) => {
    const given = currentNames(file) as Record<string, unknown>;
    const next = given.method as Method;
    setMethod(next);
    setMethodChanges([]);
    reset(startValues(next, given));
  };
  const apply = (id: string) => {
    const chosen = presets.find((one) => one.id === id);
    if (!chosen) return;
    setPreset(id);
    setName(chosen.name);
    const ranked =
      sets.find((one) => one.kind === "queue" && one.rows > 0) ?? sets.find(({ kind }) => kind === "queue");
    setMix(null);
    setEvaluation("");
    setSet(chosen.data.kind === "sample" ? `sample:${chosen.data.id}` : `queue:${ranked?.id ?? ""}`);
    take(chosen.config);
  };
  const choose = (next: Method) => {
    setMethod(next);
    const after = withMethod(next, watched);
    setMethodChanges(changesBetween(fields, values, fieldsOf(next), byPath(after)));
    reset(after);
  };
  const stored = { name, ...chosen, preset, sweep, notBefore, config: { ...config, method } };
  const draft = useDraft(place, stored, (kept) => {
    setName(kept.name);
    setSet(kept.set);
    setMix(kept.mix);
    setEvaluation(kept.evaluation);
    setPreset(kept.preset);
    setSweep(kept.sweep);
    setNotBefore(kept.notBefore);
    take(kept.config);
  });
  const opened = useMemo(() => openedWith(start), [start]);
  const setField = (path: string, value: unknown) => setValue(inputName(path), value);
  const usual = checked.success ? usualOf(checked.data) : {};

  /** The input of a field. */
  const inputOf = (runs: RunSummary[], problemAt: (path: string) => string | undefined) => (field: Field) => {
    const { path } = field;
    const common = { field, problem: problemAt(path) };
    if (path === "model.source")
      return (
        <ModelField
          key={path}
          {...common}
          value={String(values[path] ?? "")}
          onChange={(model) => setField(path, model)}
        />
      );
    if (field.kind === "set") {
      const offered = offeredLayers(field, values[path], hasExperts);
      const choose = (chosen: string | string[]) => setField(path, chosen);
      return <SetField key={path} {...common} field={offered} value={values[path]} onChange={choose} />;
    }
    return (
      <FieldInput
        key={path}
        {...common}
        usual={usual[path]}
        register={register(inputName(path), {
          onChange: ({ target }) => path === adapterType && reset(withAdapterType(method, watched, target.value)),
        })}
        options={optionsOf(
          field,
          { runs, sets, models, machines, endpoints: endpointNames, criteria: criteriaOf(chosen, sets) },
          values[path],
        )}
      />
    );
  };

  return {
    ...{
      method,
      name,
      setName,
      set,
      setSet,
      mix,
      setMix,
      evaluation,
      sets,
      models,
      machines,
      preset,
      sweep,
      setSweep,
      notBefore,
      setNotBefore,
    },
    ...{ fields, values, config, chosenSet, chosen, learned },
    setEvaluation(next: string) {
      const after = heldOutBeside(next, { evaluation, heldOut: values["data.heldOut"], kept: heldOut });
      setEvaluation(next);
      setHeldOut(after.kept);
      setField("data.heldOut", after.heldOut);
    },
    costly: costly ? [costly] : [],
    ...{ problems, nameOf, take, apply, choose, setField, inputOf, draft, methodChanges },
    /** With its defaults filled in; null while something is wrong. */
    resolved: checked.success ? checked.data : null,
    swept: wrong === null ? read : { problem: wrong },
    changedLabels: changedFrom(opened, config).map(nameOf),
  };
}

/** Fields that the form has no input of its own for. */
const dataFields: Record<string, string> = { "data.train": "Data", "data.eval": "Evaluation data" };

/** Where data and results lie is the server's to say. */
const check = (config: Nested, isEvaluated: boolean) =>
  runConfig.safeParse({
    ...config,
    data: { ...(config.data as object), train: "chosen above", ...(isEvaluated && { eval: "chosen above" }) },
    output: "chosen by the server",
  });

function schemaProblems(config: Nested, isEvaluated: boolean) {
  const { error } = check(config, isEvaluated);
  return error ? atFields(problemList(error)) : [];
}

/** The config that a form opened with, as the form itself would give it. */
function openedWith({ config }: FormStart): Nested {
  const method = config.method as Method;
  const values = startValues(method, config);
  return toConfig(method, fieldsOf(method, values[inputName(adapterType)]), byPath(values));
}

function changedFrom(before: Nested, now: Nested): string[] {
  const [was, is] = [flat(before), flat(now)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((path) => was[path] !== is[path]);
}
