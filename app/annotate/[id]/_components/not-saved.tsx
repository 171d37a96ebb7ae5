import { useRef } from "react";
import type { Translate } from "@/app/_messages/translate";
import { useTranslate } from "@/app/_messages/use-translate";
import { removeEntry } from "../../../ui/browser-store";
import { Button } from "../../../ui/buttons";
import { copyText } from "../../../ui/copy-text";
import { sayChoice } from "./keys";
import { NativeDialog } from "./native-dialog";
import { post, read, refusedNames, type Sending } from "./outbox";

const textOf = (t: Translate, { vote: { choice, rationale, rewrite, tags }, about }: Sending) =>
  [about, sayChoice(choice, t), tags?.join(", "), rationale, rewrite].filter(Boolean).join("\n\n");

/** Votes that the server rejected, with all that was typed: to copy, to save in place of the current vote on their record, or to discard. */
export function NotSaved({ onClose }: { onClose: () => void }) {
  const t = useTranslate();
  const dialog = useRef<HTMLDialogElement>(null);
  const save = (name: string, { vote, about }: Sending) => {
    post({ ...vote, key: crypto.randomUUID(), revises: true }, about);
    removeEntry(name);
  };
  const entries = refusedNames().flatMap((name) => {
    const entry = read(name);
    return entry ? [{ name, entry }] : [];
  });
  return (
    <NativeDialog of={dialog} label={t("unsaved.title")} look="max-h-[85dvh] w-[min(92vw,40rem)]" onClose={onClose}>
      <h2 className="text-lg">{t("unsaved.title")}</h2>
      <p className="text-soft">{t("unsaved.about")}</p>
      <ul className="my-3 grid gap-3">
        {entries.map(({ name, entry }) => (
          <li key={name} className="rounded-md border p-3">
            <p className="text-warn">{entry.why}</p>
            <p dir="auto" className="my-2 whitespace-pre-wrap break-words">
              {textOf(t, entry)}
            </p>
            <div className="flex flex-wrap gap-2">
              <Button onClick={() => void copyText(textOf(t, entry), t("unsaved.copied"))}>{t("unsaved.copy")}</Button>
              <Button onClick={() => save(name, entry)}>{t("unsaved.save")}</Button>
              <Button kind="quiet" onClick={() => removeEntry(name)}>
                {t("unsaved.discard")}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <Button onClick={() => dialog.current?.close()}>{t("unsaved.close")}</Button>
    </NativeDialog>
  );
}
