"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { RequestError } from "@/app/_client/fetch";
import { Setting, Typed, Written } from "@/app/ui/setting";
import { type QueueDto, type QueueSettings, queueDto } from "@/lib/annotation/queues/queue-schema";
import { isAlone, type Question, questionOf, strategies } from "@/spec/queue-options";
import { Card } from "../../../../ui/cards";
import { sayError } from "../../../../ui/toast";
import { useHydrated } from "../../../../ui/use-hydrated";
import { SaveBar } from "./save-bar";
import { problemsOf, readSettings, type SettingName, type SettingProblems, textsOf } from "./setting-values";
import { useDraft } from "./use-draft";

const overlaps = [1, 2, 3, 4, 5];
const shares = [0, 2, 3, 5, 10, 15, 20];
const strategyWords: Record<(typeof strategies)[number], string> = {
  file: "sequential",
  random: "random",
  unsure: "uncertainty (reward model)",
  gap: "widest reward gap",
  disagreement: "disagreement",
};
/** They compare the rewards of two answers. */
const byReward: string[] = ["unsure", "gap"];
const pairQuestions = [
  { value: "scale", label: "preference with strength" },
  { value: "pair", label: "preference only" },
];
const asked: Record<Question, { value: string; label: string }[]> = {
  compare: pairQuestions,
  single: [{ value: "single", label: "one answer: good or bad" }],
  steps: [{ value: "steps", label: "one solution: its first wrong step" }],
};
const aboutQuestion: Record<Question, string> = {
  compare:
    "With strength, keys 1 to 8 go from A much better to B much better. Without, the arrow keys choose, and all votes count alike.",
  single: "Key 1 says good, key 2 bad. Its records are single answers and stay so.",
  steps: "Keys 1 to 9 name the first wrong step, 0 says that all are right. Its records are solutions and stay so.",
};
const percents = shares.map((share) => ({ value: String(share), label: share === 0 ? "none" : `${share} %` }));

/** The server does not know what this browser keeps unsaved, so the form waits for it. */
export function SettingsForm({ queue }: { queue: QueueDto }) {
  return useHydrated() ? <Form queue={queue} /> : <div className="min-h-[60rem]" aria-busy="true" />;
}

/** All settings of a dataset, saved together. */
function Form({ queue }: { queue: QueueDto }) {
  const { id, open, progress, gold, scored } = queue;
  const question = questionOf(queue.mode);
  const isSingle = isAlone(question);
  const router = useRouter();
  const [saved, setSaved] = useState(queue);
  const stored = textsOf(saved);
  const { draft, restored, change, discard } = useDraft(id, stored);
  const [askToRead, setAskToRead] = useState(true);
  const [problems, setProblems] = useState<SettingProblems>({});
  const save = useMutation({
    mutationFn: (wanted: QueueSettings) => send("PATCH", `/api/queues/${id}`, wanted, queueDto),
    onSuccess: (next) => {
      setSaved(next);
      discard();
      setAskToRead(true);
      router.refresh();
    },
    onError: (error) => {
      const told = error instanceof RequestError ? problemsOf(error.problems) : {};
      setProblems(told);
      if (Object.keys(told).length === 0) void sayError(error.message);
    },
  });
  const submit = () => {
    if (Object.keys(draft).length === 0) return;
    const read = readSettings(draft);
    setProblems("problems" in read ? read.problems : {});
    if ("change" in read) save.mutate(draft.guidelines === undefined ? read.change : { ...read.change, askToRead });
  };
  const texts = { ...stored, ...draft };
  const field = (name: SettingName) => ({
    value: texts[name],
    problem: problems[name],
    onChange: (text: string) => {
      change(name, text);
      setProblems(({ [name]: _, ...others }) => others);
    },
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
      }}
    >
      <p className="numbers mb-3 text-soft">
        {open === null
          ? `${progress.total.toLocaleString("en")} records`
          : `${open.toLocaleString("en")} of ${progress.total.toLocaleString("en")} records need annotations`}
        {gold > 0 && `, plus ${gold} gold`}
      </p>
      <fieldset disabled={save.isPending} className="grid gap-4">
        <Group title="Instructions">
          <Written
            wide
            label="Guidelines"
            about="What counts, what does not, and what to do when in doubt. Markdown; annotators open it with the key G."
            {...field("guidelines")}
          />
          {draft.guidelines !== undefined && <AskToRead checked={askToRead} onChange={setAskToRead} />}
          <Typed label="Description" about="Shown over the dataset and to its annotators." {...field("about")} />
        </Group>
        <Group title="Question">
          <Setting label="Question" about={aboutQuestion[question]} options={asked[question]} {...field("mode")} />
          <Typed
            label="Rating criteria"
            about="Optional ratings from 1 to 5 with each vote. Names, separated by commas."
            {...field("aspects")}
          />
          <Typed
            label="Reason tags"
            about="Reasons to choose from with each vote, with Alt and a digit. Names, separated by commas."
            {...field("reasonTags")}
          />
          <Setting
            label="Rewrites"
            about="What exports and runs make of an answer that an annotator writes. As pairs, it is preferred to each of the record's own answers."
            options={[
              { value: "false", label: "SFT rows only" },
              { value: "true", label: "SFT rows, and pairs" },
            ]}
            {...field("rewritePairs")}
          />
          {!isSingle && (
            <Setting
              label="Judges' votes"
              about="What the vote of a model that judges means for a record on which no person has an opinion and that came without a label. People's votes always stand over it."
              options={[
                { value: "false", label: "shown, but no label" },
                { value: "true", label: "label it" },
              ]}
              {...field("judgesCount")}
            />
          )}
        </Group>
        <Group title="Assignment">
          <Setting
            label="Annotations per record"
            about="Max annotators per record. An unused assignment expires after 15 minutes; a later vote counts if the place is still free, and is stored as an extra otherwise."
            options={[
              { value: "", label: "everyone annotates all" },
              ...overlaps.map((count) => ({ value: String(count), label: String(count) })),
            ]}
            {...field("overlap")}
          />
          <Setting
            label="Sampling"
            about={`${scored > 0 ? `${scored.toLocaleString("en")} records are scored. ` : ""}15 % are always drawn at random, and each vote stores the probability with which its record was drawn.`}
            options={strategies
              .filter((value) => !isSingle || !byReward.includes(value))
              .map((value) => ({ value, label: strategyWords[value] }))}
            {...field("strategy")}
          />
          <Typed label="Limit per annotator" about="Empty: no limit." {...field("quota")} />
          <Setting
            label="Who is served"
            about="Under People somebody is given a number or a share of the records, with a last day; those alone are then theirs."
            options={[
              { value: "false", label: "everyone who may annotate" },
              { value: "true", label: "only people with assigned records" },
            ]}
            {...field("assignedOnly")}
          />
        </Group>
        <Group title="Quality control">
          {question !== "steps" && (
            <Setting
              label="Gold records"
              about="Share of imported records with a known answer, mixed in to test annotators. They are never trained on."
              options={percents}
              {...field("goldPercent")}
            />
          )}
          <Setting
            label="Consistency check"
            about={`Share of records repeated${isSingle ? "" : " with the sides swapped"}, after 50 other votes. Measures consistency${isSingle ? "" : " and position bias"}; needs no gold records.`}
            options={percents}
            {...field("mirrorPercent")}
          />
          {question !== "steps" && (
            <Typed
              label="Qualification round"
              about="Number of gold records that come first as practice; the correct answer and the reason are shown after each vote."
              {...field("training")}
            />
          )}
        </Group>
      </fieldset>
      <SaveBar
        unsaved={Object.keys(draft).length}
        restored={restored && !save.isSuccess}
        wrong={Object.keys(problems).length}
        saving={save.isPending}
        saved={save.isSuccess}
        onDiscard={() => {
          discard();
          setProblems({});
        }}
      />
    </form>
  );
}

function AskToRead({ checked, onChange }: { checked: boolean; onChange: (asks: boolean) => void }) {
  return (
    <label className="flex items-start gap-2 self-start">
      <input
        type="checkbox"
        checked={checked}
        onChange={({ target }) => onChange(target.checked)}
        className="mt-1 accent-(--accent)"
      />
      <span>
        Ask annotators to read it again
        <span className="mt-1 block text-soft text-xs">
          Whoever annotated here before sees what changed before their next record. Not needed for a misspelt word.
        </span>
      </span>
    </label>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card title={title}>
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">{children}</div>
    </Card>
  );
}
