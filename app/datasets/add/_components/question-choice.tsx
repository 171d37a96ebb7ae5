import { bearsLabels, canBeKept, type LabelKind } from "@/spec/label-kinds";
import type { Question } from "@/spec/queue-options";
import { Choice } from "../../../ui/choice";

interface Props {
  question: Question;
  holds: LabelKind | null;
  onChange: (question: Question) => void;
}

/** What annotators are asked of the answers. */
export function QuestionChoice({ question, holds, onChange }: Props) {
  const single = holds === "unpaired" || holds === "sft" || holds === "stepwise";
  return (
    <fieldset className="mt-4 grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
      <legend className="mb-1 font-medium">Question</legend>
      <Choice
        group="question"
        label="Which answer is better?"
        about={
          single
            ? "It has one answer per prompt, so there is nothing to compare."
            : "Two answers side by side, or more to rank."
        }
        checked={question === "compare"}
        disabled={single}
        onChange={() => onChange("compare")}
      />
      <Choice
        group="question"
        label="One answer: good or bad?"
        about={`Each answer is a record of its own; KTO trains on them.${holds === "pairs" ? " Of labels that are kept, chosen is good and rejected bad." : unkept("Ranks say neither", "single", holds)}`}
        checked={question === "single"}
        disabled={holds === "stepwise"}
        onChange={() => onChange("single")}
      />
      <Choice
        group="question"
        label="One solution: which step is the first wrong one?"
        about={`Each answer is a record of its own, shown by its steps; process reward models train on them.${unkept("The labels name no step", "steps", holds)}`}
        checked={question === "steps"}
        onChange={() => onChange("steps")}
      />
    </fieldset>
  );
}

const unkept = (why: string, question: Question, holds: LabelKind | null): string =>
  holds && bearsLabels(holds) && !canBeKept(holds, question) ? ` ${why}, so no label is kept.` : "";
