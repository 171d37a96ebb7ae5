import { useState } from "react";
import type { Translate } from "@/app/_messages/translate";
import { useTranslate } from "@/app/_messages/use-translate";
import { rich } from "@/app/ui/rich";
import { Button, Key } from "../../../ui/buttons";
import { type Action, keySign, type Strength, sideOf } from "./keys";
import { storeKeys, useBindings } from "./use-bindings";

const unusable = ["escape", "enter", "tab", "shift", "control", "alt", "meta", "backspace"];

/** Where the label is too short. */
const explained = [
  "flag",
  "rationale",
  "rewrite",
  "comments",
  "votes",
  "aspects",
  "undo",
  "back",
  "forward",
  "diff",
  "raw",
  "guide",
  "sheet",
] as const;
function sayAction({ id, choice, label }: Action, t: Translate): string {
  const longer = explained.find((one) => one === id);
  if (longer) return t(`keys.${longer}`);
  if (choice?.kind !== "left" && choice?.kind !== "right") return label;
  return t(id === choice.kind ? "vote.is" : `vote.is${choice.strength as Strength}`, sideOf(choice.kind));
}

/** The keyboard shortcuts; each key can be changed. */
export function KeyList({ actions, onClose }: { actions: Action[]; onClose: () => void }) {
  const t = useTranslate();
  const { bindings, off } = useBindings();
  const [changing, setChanging] = useState<string | null>(null);
  /** Why a key was refused; it is told in the row that asks for one. */
  const [problem, setProblem] = useState("");

  const press = (event: React.KeyboardEvent) => {
    if (changing === null) return;
    event.preventDefault(); // Escape too: it cancels the change and keeps the dialog open
    const key = event.key.toLowerCase();
    const taken = actions.find((action) => action.key === key && action.id !== changing);
    if (key !== "escape" && unusable.includes(key)) return setProblem(t("keys.unusable", { key: event.key }));
    if (taken) return setProblem(t("keys.taken", { key: keySign(key, t), action: sayAction(taken, t) }));
    if (key !== "escape") storeKeys({ off, bindings: { ...bindings, [changing]: key } });
    setProblem("");
    setChanging(null);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the key that the button below asks for
    <div onKeyDown={press}>
      <div className="mb-3 flex items-center">
        <h2 className="text-base">{t("keys.title")}</h2>
        <Button kind="quiet" className="ms-auto" onClick={onClose}>
          {rich(t, "keys.escClose")}
        </Button>
      </div>
      <ul className="grid gap-1">
        {actions
          .map((action) => ({ ...action, does: sayAction(action, t) }))
          .map(({ id, key, does }) => (
            <li key={id} className="flex items-center gap-3">
              <span className="w-14 text-end">
                {changing === id ? (
                  <span className="text-accent">{t("keys.press")}</span>
                ) : (
                  <Key>{keySign(key, t)}</Key>
                )}
              </span>
              <span className="flex-1">
                {does}
                <span role="status" className="block text-bad text-xs empty:hidden">
                  {changing === id && problem}
                </span>
              </span>
              <button
                type="button"
                aria-label={t("keys.changeNamed", { action: does })}
                onClick={() => {
                  setProblem("");
                  setChanging(id);
                }}
                className="min-h-7 px-1 text-soft text-xs underline"
              >
                {t("keys.change")}
              </button>
            </li>
          ))}
      </ul>
      <div className="mt-2 flex flex-wrap items-center justify-between gap-2">
        <label className="flex items-center gap-2">
          <input type="checkbox" checked={off} onChange={() => storeKeys({ bindings, off: !off })} />
          {t("keys.turnOff")}
        </label>
        <Button onClick={() => storeKeys(null)}>{t("keys.reset")}</Button>
      </div>
    </div>
  );
}
