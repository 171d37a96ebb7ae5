import { useState } from "react";
import type { CheckInput } from "@/lib/data-checks/checks-schema";
import { Button } from "../../ui/buttons";

interface Props {
  datasets: { key: string; name: string }[];
  busy: boolean;
  again: boolean;
  /** What its rows are called. */
  rows: string;
  onRun: (input: CheckInput) => void;
}

/** What the rows are to be checked against, and the button that starts it. */
export function CheckForm({ datasets, busy, again, rows, onRun }: Props) {
  const [chosen, setChosen] = useState<string[]>([]);
  const [file, setFile] = useState("");
  const [webRules, setWebRules] = useState(false);
  const toggle = (key: string) =>
    setChosen(chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key]);
  return (
    <form
      data-needs="write"
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onRun({ against: [...chosen, ...(file.trim() ? [file.trim()] : [])], webRules });
      }}
    >
      <details>
        <summary className="text-soft">
          Also look for evaluation data in it
          {chosen.length + Number(file.trim() !== "") > 0 && ` (${chosen.length + Number(file.trim() !== "")} chosen)`}
        </summary>
        <fieldset className="mt-2 grid max-h-48 gap-1 overflow-y-auto">
          <legend className="sr-only">Datasets that a model is to be tested with</legend>
          {datasets.map(({ key, name }) => (
            <label key={key} className="flex items-center gap-2">
              <input
                type="checkbox"
                checked={chosen.includes(key)}
                onChange={() => toggle(key)}
                className="accent-(--accent)"
              />
              {name}
            </label>
          ))}
        </fieldset>
        <label className="mt-2 grid max-w-md gap-1">
          <span className="text-soft text-xs">or a file on this machine</span>
          <input
            value={file}
            onChange={({ target }) => setFile(target.value)}
            placeholder="data/tests.jsonl"
            className="rounded-md border bg-canvas px-3 py-1.5 font-mono text-xs"
          />
        </label>
      </details>
      <label className="flex items-center gap-2 text-soft">
        <input
          type="checkbox"
          checked={webRules}
          onChange={() => setWebRules(!webRules)}
          className="accent-(--accent)"
        />
        Also hold answers of 50 words and more to the rules of web pages (Gopher, C4, FineWeb)
      </label>
      <Button type="submit" kind={again ? "plain" : "primary"} className="justify-self-start" disabled={busy}>
        {`Check the ${rows}${again ? " again" : ""}`}
      </Button>
    </form>
  );
}
