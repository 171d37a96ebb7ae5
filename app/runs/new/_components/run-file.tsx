"use client";

import { useId, useState } from "react";
import { parse, stringify } from "yaml";

interface Props {
  config: Record<string, unknown>;
  /** Takes what was typed, where it is an object. */
  take: (config: Record<string, unknown>) => void;
}

const kinds = { yaml: "YAML", json: "JSON", command: "Command" } as const;
type Kind = keyof typeof kinds;

const texts: Record<Kind, (config: object) => string> = {
  yaml: (config) => stringify(config),
  json: (config) => JSON.stringify(config, null, 2),
  command: (config) =>
    `cat > run.json <<'END'\n${JSON.stringify({ ...config, output: "runs/mine" }, null, 2)}\nEND\nnpm run --silent workbench -- train run.json`,
};

/** The form as text, both ways: what is typed here stands in the form at once. */
export function RunFile({ config, take }: Props) {
  const [kind, setKind] = useState<Kind>("yaml");
  const [typed, setTyped] = useState<{ text: string; problem: string | null } | null>(null);
  const id = useId();
  const change = (text: string) => {
    try {
      const value: unknown = kind === "yaml" ? parse(text) : JSON.parse(text);
      if (typeof value !== "object" || value === null || Array.isArray(value))
        throw new Error("this is no set of fields");
      take(value as Record<string, unknown>);
      setTyped({ text, problem: null });
    } catch (error) {
      setTyped({ text, problem: error instanceof Error ? error.message.split("\n")[0]! : String(error) });
    }
  };
  return (
    <details>
      <summary className="text-soft">Config file</summary>
      <fieldset className="mt-2 flex gap-3 text-xs">
        <legend className="sr-only">Format</legend>
        {(Object.keys(kinds) as Kind[]).map((one) => (
          <label key={one} className="flex items-center gap-1.5">
            <input
              type="radio"
              name={id}
              checked={kind === one}
              onChange={() => {
                setKind(one);
                setTyped(null);
              }}
              className="accent-(--accent)"
            />
            {kinds[one]}
          </label>
        ))}
      </fieldset>
      <textarea
        aria-label={`Config as ${kinds[kind]}`}
        aria-invalid={Boolean(typed?.problem)}
        value={typed?.text ?? texts[kind](config)}
        readOnly={kind === "command"}
        spellCheck={false}
        rows={16}
        onChange={(event) => change(event.target.value)}
        onBlur={() => !typed?.problem && setTyped(null)}
        className="mt-2 w-full rounded-md border bg-raised p-3 font-mono text-xs aria-invalid:border-bad"
      />
      {typed?.problem && <p className="text-bad text-xs">{typed.problem}</p>}
    </details>
  );
}
