"use client";

import { useQuery } from "@tanstack/react-query";
import { runsQuery, trainingSetsQuery } from "@/app/_client/queries";
import type { RunSummary } from "@/lib/runs/run-schema";
import type { GoldTask } from "@/spec/fields/rewards";
import { methodOf } from "@/spec/methods/all";
import { ModelSetting } from "../../../ui/model-input";
import { Setting, Typed } from "../../../ui/setting";
import {
  type By,
  judgedAbout,
  judgedBy,
  judgedOptions,
  type Match,
  matchOptions,
  type Texts,
  taskOptions,
  thresholdAbout,
  verdicts,
} from "./step-pairs-form";

interface Props {
  texts: Texts;
  problems: Partial<Record<string, string>>;
  set: (change: Partial<Texts>) => void;
}

const asOption = ({ id, name, model }: RunSummary) => ({ value: id, label: `${name} (${model})` });

/** Who goes on, how often, and what counts as right. */
export function StepPairsFields({ texts, problems, set }: Props) {
  const { data: runs = [] } = useQuery(runsQuery);
  const finished = runs.filter(({ status }) => status === "finished");
  const tuned = finished.filter((run) => methodOf(run).produces === "policy" && run.model === texts.model.trim());
  const typed = (field: "samples" | "temperature" | "maxNewTokens" | "threshold" | "name") => ({
    value: texts[field],
    problem: problems[field],
    onChange: (value: string) => set({ [field]: value }),
  });
  return (
    <>
      <ModelSetting
        label="Model"
        value={texts.model}
        problem={problems.writer}
        help="A model's name, its folder or a .gguf file."
        onChange={(model) => set({ model, run: "" })}
      />
      <Setting
        label="Trained by"
        about="A run whose adapter goes on; best the one that wrote the solutions."
        options={[{ value: "", label: "no run: the model as it is" }, ...tuned.map(asOption)]}
        value={texts.run}
        onChange={(run) => set({ run })}
      />
      <Typed
        label="Continuations per solution"
        about="The first right one gives the step that is preferred."
        {...typed("samples")}
      />
      <Typed label="Temperature" about="At 0 all continuations of a solution are alike." {...typed("temperature")} />
      <Typed label="Max new tokens" about="Of each continuation." {...typed("maxNewTokens")} />
      <Setting
        label="What counts as right"
        about={verdicts.find(({ value }) => value === texts.by)!.about}
        options={verdicts}
        value={texts.by}
        onChange={(by) => set(judgedBy(by as By, texts.task))}
      />
      <VerdictField {...{ texts, problems, set }} judges={finished.filter(({ method }) => method === "prm")} />
      <Setting
        label="Judged"
        about={judgedAbout[texts.judged]}
        options={judgedOptions}
        value={texts.judged}
        onChange={(judged) => set({ judged: judged as Texts["judged"] })}
      />
      <Typed label="Threshold" about={`Right from this on. ${thresholdAbout(texts)}`} {...typed("threshold")} />
      <Typed label="Name of the new dataset" about="Of the pairs; DPO trains on it." {...typed("name")} />
    </>
  );
}

/** What the verdict is by: a task, an expression or a run. */
function VerdictField({ texts, problems, set, judges }: Props & { judges: RunSummary[] }) {
  if (texts.by === "oracle")
    return (
      <Setting
        label="Task"
        about="Whose prompts these are."
        options={taskOptions}
        value={texts.task}
        onChange={(task) => set(judgedBy("oracle", task as GoldTask))}
      />
    );
  if (texts.by === "pattern")
    return (
      <Typed
        label="Regular expression"
        about="JavaScript's, such as ####\s*\d+ for a number after ####."
        value={texts.expression}
        problem={problems["verdict.expression"]}
        onChange={(expression) => set({ expression })}
      />
    );
  if (texts.by === "answer") return <RightAnswers {...{ texts, problems, set }} />;
  return (
    <Setting
      label="Process reward model"
      about="Trained by that method, on the model above. None yet? Train on this dataset makes one."
      options={[{ value: "", label: judges.length === 0 ? "none yet" : "choose one" }, ...judges.map(asOption)]}
      value={texts.judge}
      problem={problems["verdict.run"]}
      onChange={(judge) => set({ judge })}
    />
  );
}

/** Where right answers are read, and how they are compared with. */
function RightAnswers({ texts, problems, set }: Props) {
  const { data: sets = [] } = useQuery(trainingSetsQuery);
  const labelled = sets.flatMap(({ kind, id, name }) =>
    kind === "labelled" ? [{ value: `labelled:${id}`, label: name }] : [],
  );
  return (
    <>
      <Setting
        label="Right answers"
        about="A labelled dataset with the same prompts."
        options={[{ value: "", label: labelled.length === 0 ? "none yet" : "choose one" }, ...labelled]}
        value={texts.answers}
        problem={problems["verdict.answers"]}
        onChange={(answers) => set({ answers })}
      />
      <Typed
        label="Column"
        about="Of the right answers in it."
        value={texts.column}
        problem={problems["verdict.column"]}
        onChange={(column) => set({ column })}
      />
      <Setting
        label="Compared"
        about={matchOptions.find(({ value }) => value === texts.match)!.about}
        options={matchOptions}
        value={texts.match}
        onChange={(match) => set({ match: match as Match })}
      />
    </>
  );
}
