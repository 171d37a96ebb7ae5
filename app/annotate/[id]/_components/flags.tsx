import { useTranslate } from "@/app/_messages/use-translate";
import { rich } from "@/app/ui/rich";
import { type FlagReason, flagReasons } from "@/spec/flag-reasons";
import { Key } from "../../../ui/buttons";

/** After F: what is wrong with the record, one key each. */
export function Flags({ onFlag, onCancel }: { onFlag: (reason: FlagReason) => void; onCancel: () => void }) {
  const t = useTranslate();
  return (
    <fieldset className="mt-2 flex flex-wrap items-center gap-1.5 rounded-md border bg-surface p-2 text-xs">
      <legend className="sr-only">{t("screen.whatIsWrongHere")}</legend>
      <span className="font-medium">{t("screen.whatIsWrong")}</span>
      {flagReasons.map((reason, i) => (
        <button
          key={reason}
          type="button"
          aria-keyshortcuts={String(i + 1)}
          onClick={() => onFlag(reason)}
          className="flex min-h-9 items-center gap-1.5 rounded-md border bg-canvas px-2.5 first-letter:uppercase hover:bg-raised"
        >
          <Key>{i + 1}</Key> {t(`vote.why.${reason}`)}
        </button>
      ))}
      <button type="button" onClick={onCancel} className="ms-auto min-h-9 px-2 text-soft">
        {rich(t, "screen.escCancels")}
      </button>
    </fieldset>
  );
}
