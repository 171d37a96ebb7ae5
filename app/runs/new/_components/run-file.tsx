"use client";

import { useId, useState } from "react";
import { parse } from "yaml";
import { ConfigKindChoice } from "../../_components/config-kind";
import { type ConfigKind, configKinds, configText } from "../../_components/config-texts";

interface Props {
  config: Record<string, unknown>;
  /** Takes what was typed, where it is an object. */
  take: (config: Record<string, unknown>) => void;
}

/** The form as text, both ways: what is typed here stands in the form at once. */
export function RunFile({ config, take }: Props) {
  const [kind, setKind] = useState<ConfigKind>("yaml");
  const [typed, setTyped] = useState<{ text: string; problem: string | null } | null>(null);
  const id = useId();
  const text = configText(kind, kind === "command" ? { ...config, output: "runs/mine" } : config);
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
        <ConfigKindChoice
          name={id}
          value={kind}
          onChange={(next) => {
            setKind(next);
            setTyped(null);
          }}
        />
      </fieldset>
      <textarea
        aria-label={`Config as ${configKinds[kind]}`}
        aria-invalid={Boolean(typed?.problem)}
        value={typed?.text ?? text}
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
