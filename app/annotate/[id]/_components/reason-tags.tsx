import { useTranslate } from "@/app/_messages/use-translate";
import { Key } from "../../../ui/buttons";

interface Props {
  tags: string[];
  chosen: string[];
  onToggle: (tag: string) => void;
}

const chip =
  "flex min-h-8 items-center gap-1.5 rounded-full border bg-surface px-2.5 hover:bg-raised aria-pressed:border-accent aria-pressed:bg-accent-wash";

/** The dataset's reasons, to choose any of; one that was chosen before it left the settings can be taken off. */
export function ReasonTags({ tags, chosen, onToggle }: Props) {
  const t = useTranslate();
  const former = chosen.filter((tag) => !tags.includes(tag));
  return (
    <fieldset className="mt-2 flex flex-wrap gap-1 text-xs">
      <legend className="sr-only">{t("screen.reasons")}</legend>
      {tags.map((tag, i) => (
        <button
          key={tag}
          type="button"
          aria-pressed={chosen.includes(tag)}
          aria-keyshortcuts={`Alt+${i + 1}`}
          onClick={() => onToggle(tag)}
          className={chip}
        >
          <bdi>{tag}</bdi>
          <span className="text-soft max-md:hidden">
            <Key>Alt {i + 1}</Key>
          </span>
        </button>
      ))}
      {former.map((tag) => (
        <button
          key={tag}
          type="button"
          aria-label={t("screen.removeReason", { tag })}
          title={t("screen.formerReason")}
          onClick={() => onToggle(tag)}
          className={chip}
        >
          <bdi>{tag}</bdi> <span aria-hidden>✕</span>
        </button>
      ))}
    </fieldset>
  );
}
