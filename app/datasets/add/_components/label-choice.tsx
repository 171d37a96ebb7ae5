import type { ImportForm } from "@/lib/datasets/imports/import-schema";
import { kindWords, type LabelKind } from "@/spec/label-kinds";
import { Choice } from "../../../ui/choice";

interface Props {
  as: ImportForm;
  /** The type of its labels: null where none were found, undefined before the preview. */
  holds: LabelKind | null | undefined;
  onChange: (as: ImportForm) => void;
}

/** Whether the file's labels are trained on, or annotators give their own. */
export function LabelChoice({ as, holds, onChange }: Props) {
  const single = holds === "unpaired" || holds === "sft";
  const found = holds === null ? "No labels found. " : holds ? `It holds ${kindWords[holds]}. ` : "";
  return (
    <fieldset className="grid gap-2 sm:grid-cols-2">
      <legend className="mb-1 font-medium">Labels</legend>
      <Choice
        group="labels"
        label="Already labelled: ready to train on"
        about={`${found}The labels are not counted as annotations of anybody here.`}
        checked={as === "labelled"}
        onChange={() => onChange("labelled")}
      />
      <Choice
        group="labels"
        label="To annotate (labels hidden)"
        about={
          single
            ? "It has one answer per prompt; annotators compare two or more."
            : "Annotators say which answer is better."
        }
        checked={as === "annotate"}
        disabled={single}
        onChange={() => onChange("annotate")}
      />
    </fieldset>
  );
}
