import type { ImportForm } from "@/lib/datasets/imports/import-schema";
import { bearsLabels, kindWords, type LabelKind } from "@/spec/label-kinds";
import { Choice } from "../../../ui/choice";

interface Props {
  as: ImportForm;
  /** The type of its labels: null where none were found, undefined before the preview. */
  holds: LabelKind | null | undefined;
  onChange: (as: ImportForm) => void;
}

/** Whether the file's labels are trained on, or annotators give their own. */
export function LabelChoice({ as, holds, onChange }: Props) {
  const judged = !holds || ["pairs", "rankings", "unpaired", "sft", "stepwise"].includes(holds);
  const found = holds === null ? "No labels found. " : holds ? `It holds ${kindWords[holds]}. ` : "";
  return (
    <fieldset className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
      <legend className="mb-1 font-medium">Labels</legend>
      <Choice
        group="labels"
        label={holds && !bearsLabels(holds) ? "Ready to train on" : "Already labelled: ready to train on"}
        about={`${found}${holds ? uses(holds) : labelsStay}`}
        checked={as === "labelled"}
        onChange={() => onChange("labelled")}
      />
      <Choice
        group="labels"
        label="To annotate (labels hidden)"
        about={
          judged
            ? holds === "unpaired" || holds === "sft"
              ? "Annotators say whether each answer is good or bad, or where it goes wrong."
              : holds === "stepwise"
                ? "Annotators say which step is the first wrong one."
                : "Annotators say which answer is better, or whether each is good."
            : holds === "prompts"
              ? "It has no answers yet: import it, then generate two or more to each prompt."
              : "It has no answers that could be judged as they are."
        }
        checked={as === "annotate"}
        disabled={!judged}
        onChange={() => onChange("annotate")}
      />
      <Choice
        group="labels"
        label="Both: labelled, and to annotate"
        about="The labels are kept as those of the annotator import and train at once; where a person annotates a record, that counts instead."
        checked={as === "both"}
        disabled={!holds || !bearsLabels(holds)}
        onChange={() => onChange("both")}
      />
    </fieldset>
  );
}

const labelsStay = "The labels are not counted as annotations of anybody here.";

const uses = (holds: LabelKind): string =>
  holds === "prompts"
    ? "Methods that sample their own answers train on them, and models answer them for people to annotate."
    : holds === "text"
      ? "Each is learnt whole, as in pre-training."
      : labelsStay;
