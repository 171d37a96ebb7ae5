"use client";

import { useState } from "react";
import { Button } from "../../../ui/buttons";
import { Card } from "../../../ui/cards";
import { copyText } from "../../../ui/copy-text";
import { ConfigKindChoice } from "../../_components/config-kind";
import { type ConfigKind, configText } from "../../_components/config-texts";
import { useRun } from "./run-context";

/** The run's config as a file, and in what it differs from the run that it comes from. */
export function ConfigTab() {
  const { run } = useRun();
  const [kind, setKind] = useState<ConfigKind>("yaml");
  const text = configText(kind, run.config);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Card
        title="Config"
        action={
          <span className="flex flex-wrap items-center gap-3 text-xs">
            <ConfigKindChoice name="config-format" value={kind} onChange={setKind} />
            <Button onClick={() => void copyText(text, "Config copied")}>Copy</Button>
          </span>
        }
      >
        <pre className="max-h-[70vh] overflow-auto rounded-md bg-raised p-3 font-mono text-xs" tabIndex={0}>
          {text}
        </pre>
      </Card>
      <Changes />
    </div>
  );
}

function Changes() {
  const { run } = useRun();
  const { parent } = run.lineage;
  if (!parent) return null;
  return (
    <Card title={`Changes from ${parent.name}`}>
      {run.changes.length === 0 ? (
        <p className="text-soft">None: it is the same config.</p>
      ) : (
        <table className="w-full text-left font-mono text-xs">
          <tbody className="divide-y">
            {run.changes.map(({ path, was, is }) => (
              <tr key={path}>
                <th className="py-1 pr-2 font-normal">{path}</th>
                <td className="max-w-40 truncate pr-2 text-soft" title={was}>
                  {was || "–"}
                </td>
                <td className="max-w-40 truncate" title={is}>
                  {is || "–"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
