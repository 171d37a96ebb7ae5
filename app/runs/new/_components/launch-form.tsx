"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Rocket } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { send } from "@/app/_client/checked-fetch";
import { RequestError } from "@/app/_client/fetch";
import { runsQuery } from "@/app/_client/queries";
import { presets } from "@/lib/runs/presets";
import { rewardFirst } from "@/lib/runs/reward-first";
import { type FormStart, launched, setKey, trainFirst } from "@/lib/runs/run-schema";
import { currentNames } from "@/spec/former-names";
import { methodOf } from "@/spec/methods/all";
import { preflightReport } from "@/spec/reports";
import { Button } from "../../../ui/buttons";
import { Card, Problem } from "../../../ui/cards";
import { useHydrated } from "../../../ui/use-hydrated";
import { Advanced } from "./advanced";
import { adviceBeyond } from "./advice";
import { Checking, isAhead } from "./checking";
import { DataSets } from "./data-sets";
import { DryRun } from "./dry-run";
import { FieldList } from "./field-list";
import { atFields, requireFields } from "./form-values";
import { Memory } from "./memory";
import { MethodSection } from "./method-section";
import { describedData } from "./mixed-sets";
import { optionsOf } from "./options";
import { Preflight } from "./preflight";
import { RewardFirst, useRewardFirst } from "./reward-first";
import { RewardSection } from "./reward-section";
import { RunFile } from "./run-file";
import { type Section, sectionOf } from "./sections";
import { StartBanner } from "./start-banner";
import { StartTime, startOf } from "./start-time";
import { Summary } from "./summary";
import { Sweep } from "./sweep";
import { Templates } from "./templates";
import { useRunForm } from "./use-run-form";

/** A look at the run that the form describes. One that is no longer wanted is ended, so that its program is in nobody's way. */
function useLook() {
  const asked = useRef<AbortController | null>(null);
  useEffect(() => () => asked.current?.abort(), []);
  return useMutation({
    mutationFn: (input: object) => {
      asked.current?.abort();
      asked.current = new AbortController();
      return send("POST", "/api/preflight", input, preflightReport, asked.current.signal);
    },
  });
}

/** `place`: the address that the form was opened at, under which its draft is kept. */
export function LaunchForm({ start, place }: { start: FormStart; place: string }) {
  const form = useRunForm(start, place);
  const { method, name, config, fields, values, chosenSet, problems, swept, nameOf } = form;
  const spec = methodOf({ method });
  const { data: runs = [] } = useQuery({ ...runsQuery, refetchInterval: 5000 });
  const described = { ...describedData(form.chosen), config };
  const rewardModel = useRewardFirst((config.model as { source?: string }).source);
  const trainsFirst = JSON.stringify(config).includes(`"${trainFirst}"`);
  const first = trainsFirst && rewardModel.settings ? rewardFirst(name, config, rewardModel.settings) : undefined;
  const blocked = problems.length > 0 || (trainsFirst && !first) || Boolean(swept && "problem" in swept);
  const look = useLook();
  const hydrated = useHydrated();
  const router = useRouter();
  const client = useQueryClient();
  const launch = useMutation({
    mutationFn: () => {
      const sweep = swept && "sweep" in swept ? swept.sweep : undefined;
      const notBefore = startOf(form.notBefore);
      return send("POST", "/api/runs", { name, ...described, first, parent: start.parent, sweep, notBefore }, launched);
    },
    onSuccess: async ({ id, ids }) => {
      form.draft.end();
      await client.invalidateQueries({ queryKey: runsQuery.queryKey });
      router.push(swept ? `/compare?runs=${ids.join()}&by=${form.sweep.rows[0]!.path}` : `/runs/${id}`);
    },
  });
  const refused = launch.error instanceof RequestError ? atFields(launch.error.problems) : [];
  const all = [...problems, ...refused];
  const problemAt = (path: string) => all.find((problem) => problem.path === path)?.message;
  const inSection = (section: Section) => fields.filter((field) => sectionOf(field) === section);
  const input = form.inputOf(runs, problemAt);
  const named = [form.set, form.evaluation, ...(form.mix?.others ?? []).map(({ set }) => set)];
  const isNamed = (key: string) => named.includes(key);
  const lookAt = { look, described, disabled: problems.length > 0, nameOf };
  const rewards = inSection("reward");
  const modelField = rewards.find(({ path }) => path.endsWith(".model"));

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked) launch.mutate();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      <fieldset disabled={!hydrated} className="grid min-w-0 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="grid min-w-0 gap-4">
          <StartBanner
            start={start}
            changed={form.changedLabels}
            restored={form.draft.restored}
            onDiscard={form.draft.discard}
          />
          <Templates chosen={form.preset} choose={form.apply} />
          <Card title="Name and model">
            <div className="grid gap-4 sm:grid-cols-2">
              <label className="grid content-start gap-1">
                <span className="font-medium">Run name</span>
                <input
                  required
                  maxLength={80}
                  value={name}
                  onChange={(event) => form.setName(event.target.value)}
                  className="rounded-md border bg-canvas px-3 py-2"
                />
              </label>
              {inSection("model").map(input)}
            </div>
          </Card>
          <MethodSection method={method} onChange={form.choose} set={chosenSet} changed={form.methodChanges} />
          <Card title="Data">
            {chosenSet && <p className="mb-3 text-soft text-xs">{chosenSet.about}.</p>}
            <DataSets
              label={spec.dataLabel}
              sets={form.sets.filter((one) => spec.reads.includes(one.holds) || isNamed(setKey(one)))}
              {...form.chosen}
              problemAt={problemAt}
              onSet={form.setSet}
              onMix={form.setMix}
              onEvaluation={form.setEvaluation}
            />
            <FieldList fields={inSection("data")} input={input} />
          </Card>
        </div>
        <Summary
          resolved={form.resolved}
          name={name}
          learned={form.learned}
          problems={problems}
          advice={
            form.resolved
              ? [...adviceBeyond(presets.find(({ id }) => id === form.preset)?.config, form.resolved), ...form.costly]
              : []
          }
          runs={runs}
          isLater={form.notBefore !== ""}
          nameOf={nameOf}
        >
          <Memory
            look={look}
            described={described}
            disabled={problems.length > 0 || trainsFirst}
            why={trainsFirst ? "known once the reward model is trained." : "not known while something above is wrong."}
          />
          {launch.error && <Problem error={launch.error} />}
          <Button
            type="submit"
            kind="primary"
            title="Ctrl or ⌘ and Enter"
            disabled={blocked || launch.isPending}
            className="w-full"
          >
            <Rocket size={15} aria-hidden />{" "}
            {launch.isPending
              ? "Checking the data…"
              : swept || trainsFirst
                ? "Queue the runs"
                : form.notBefore
                  ? "Queue the run"
                  : "Start run"}
          </Button>
          {launch.isPending && <Checking ahead={runs.filter(isAhead).length} />}
          <DryRun described={described} disabled={problems.length > 0 || trainsFirst} />
          <StartTime value={form.notBefore} onChange={form.setNotBefore} />
          <Sweep sweep={form.sweep} set={form.setSweep} fields={fields} read={swept} />
          <RunFile
            config={config}
            take={(typed) => {
              requireFields(currentNames(typed) as Record<string, unknown>);
              form.take(typed);
            }}
          />
        </Summary>
        <div className="grid min-w-0 gap-4">
          {rewards.length > 0 && (
            <RewardSection
              fields={rewards}
              values={values}
              set={form.setField}
              input={input}
              models={
                modelField
                  ? optionsOf(
                      modelField,
                      { runs, sets: form.sets, models: form.models, machines: [], endpoints: [], criteria: [] },
                      values[modelField.path],
                    )
                  : []
              }
              problemAt={problemAt}
            >
              {trainsFirst && (
                <div className="mt-3">
                  <RewardFirst name={`${name}: reward model`} rows={chosenSet?.rows ?? 0} first={rewardModel} />
                </div>
              )}
            </RewardSection>
          )}
          <Card title="Training">
            <FieldList fields={inSection("training")} input={input} />
          </Card>
          <Card title="Evaluation and saving">
            <FieldList fields={inSection("evaluation")} input={input} />
          </Card>
          <Advanced
            fields={inSection("advanced")}
            machines={form.machines}
            values={values}
            problems={all}
            input={input}
            reset={(field) => form.setField(field.path, field.initial ?? "")}
          />
          <Preflight {...lookAt} />
        </div>
      </fieldset>
    </form>
  );
}
