import type { ImportForm } from "@/lib/datasets/imports/import-schema";
import { kindWords, type LabelKind } from "@/spec/label-kinds";
import { Choice } from "../../ui/choice";

interface Props {
  as: ImportForm;
  /** The kind of its labels: null where none were found, undefined where nobody has looked. */
  holds: LabelKind | null | undefined;
  onChange: (as: ImportForm) => void;
}

/** Whether the file's labels are to be learnt from, or people here are to give their own. */
export function WhatItIs({ as, holds, onChange }: Props) {
  const single = holds === "unpaired" || holds === "sft";
  const found = holds === null ? "No labels were found in it. " : holds ? `It holds ${kindWords[holds]}. ` : "";
  return (
    <fieldset className="mt-3 grid gap-2 sm:grid-cols-2">
      <legend className="mb-1 font-medium">What it is</legend>
      <Choice
        group="what-it-is"
        label="Already labelled: train on it at once"
        about={`${found}Nobody here gave these labels, so they count as nobody's votes.`}
        checked={as === "labelled"}
        onChange={() => onChange("labelled")}
      />
      <Choice
        group="what-it-is"
        label="To annotate (labels hidden)"
        about={
          single
            ? "It has one answer to a prompt; people compare two or more."
            : "People here say which answer is better."
        }
        checked={as === "annotate"}
        disabled={single}
        onChange={() => onChange("annotate")}
      />
    </fieldset>
  );
}
