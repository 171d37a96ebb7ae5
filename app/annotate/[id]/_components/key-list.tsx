import { useState } from "react";
import { Button, Key } from "../../../ui/buttons";
import { type Action, keySign } from "./keys";
import { storeKeys, useBindings } from "./use-bindings";

const unusable = ["escape", "enter", "tab", "shift", "control", "alt", "meta", "backspace"];

/** Where the label is too short. */
const sentences: Record<string, string> = {
  flag: "Flag the record: personal data, unsafe, broken, wrong language",
  rationale: "Reason, in your own words",
  rewrite: "Write a better answer",
  comments: "Comments on the record",
  votes: "Your votes here, newest first",
  aspects: "Rate the answers by criterion, where the dataset has criteria",
  undo: "Undo, any number of votes, also after a reload",
  back: "Previous annotation; a vote there changes it",
  forward: "Next annotation",
  diff: "Diff, word by word",
  raw: "Raw or rendered text",
  guide: "The dataset's guidelines, above the record",
  sheet: "This list",
};
const sayAction = ({ id, does, label }: Action) => sentences[id] ?? does ?? label;

/** The keyboard shortcuts; each key can be changed. */
export function KeyList({ actions, onClose }: { actions: Action[]; onClose: () => void }) {
  const { bindings, off } = useBindings();
  const [changing, setChanging] = useState<string | null>(null);
  /** Why a key was refused; it is told in the row that asks for one. */
  const [problem, setProblem] = useState("");

  const press = (event: React.KeyboardEvent) => {
    if (changing === null) return;
    event.preventDefault(); // Escape too: it cancels the change and keeps the dialog open
    const key = event.key.toLowerCase();
    const taken = actions.find((action) => action.key === key && action.id !== changing);
    if (key !== "escape" && unusable.includes(key)) return setProblem(`${event.key} cannot be used.`);
    if (taken) return setProblem(`${keySign(key)} is taken: ${sayAction(taken)}.`);
    if (key !== "escape") storeKeys({ off, bindings: { ...bindings, [changing]: key } });
    setProblem("");
    setChanging(null);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the key that the button below asks for
    <div onKeyDown={press}>
      <div className="mb-3 flex items-center">
        <h2 className="text-base">Keyboard shortcuts</h2>
        <Button kind="quiet" className="ml-auto" onClick={onClose}>
          <Key>Esc</Key> close
        </Button>
      </div>
      <ul className="grid gap-1">
        {actions
          .map((action) => ({ ...action, does: sayAction(action) }))
          .map(({ id, key, does }) => (
            <li key={id} className="flex items-center gap-3">
              <span className="w-14 text-right">
                {changing === id ? <span className="text-accent">press…</span> : <Key>{keySign(key)}</Key>}
              </span>
              <span className="flex-1">
                {does}
                <span role="status" className="block text-bad text-xs empty:hidden">
                  {changing === id && problem}
                </span>
              </span>
              <button
                type="button"
                aria-label={`Change key for: ${does}`}
                onClick={() => {
                  setProblem("");
                  setChanging(id);
                }}
                className="min-h-7 px-1 text-soft text-xs underline"
              >
                change
              </button>
            </li>
          ))}
      </ul>
      <div className="mt-2 flex flex-wrap items-center justify-between gap-2">
        <label className="flex items-center gap-2">
          <input type="checkbox" checked={off} onChange={() => storeKeys({ bindings, off: !off })} />
          Turn off shortcuts
        </label>
        <Button onClick={() => storeKeys(null)}>Reset to defaults</Button>
      </div>
    </div>
  );
}
