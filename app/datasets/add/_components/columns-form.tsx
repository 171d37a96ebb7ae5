"use client";

import { useId } from "react";
import type { UploadPreview } from "@/lib/datasets/uploads/uploads-schema";
import { type ColumnRole, columnRoles, type RowMapping, speakers } from "@/spec/row-mapping";
import { Button } from "../../../ui/buttons";

interface Props {
  columns: UploadPreview["columns"];
  turns: UploadPreview["turns"];
  mapping: RowMapping | null;
  onChange: (mapping: RowMapping) => void;
}

const roleWords: Record<ColumnRole, string> = {
  prompt: "Prompt",
  system: "System text",
  history: "Earlier exchanges",
  instruction: "Instruction",
  input: "Input of the instruction",
  messages: "Conversation",
  completion: "Answer",
  chosen: "Better answer",
  rejected: "Worse answer",
  completions: "Answers, or steps",
  answers: "Answers to compare",
  ranks: "Ranks, least is best",
  scores: "Scores, highest is best",
  label: "Good or bad",
  labels: "Right or wrong, by step",
  margin: "Margin of the better answer",
  text: "Text, learnt whole",
  tools: "Tools that may be called",
  images: "Images or other files",
  source: "Where the row comes from",
  ignore: "Leave out",
};
const speakerWords: Record<(typeof speakers)[number], string> = {
  user: "User",
  assistant: "Assistant",
  system: "System",
  tool: "Result of a tool",
  function_call: "Call of a tool",
};
const select = "w-full min-w-0 rounded-md border bg-canvas px-2 py-1.5";
const nothing = "nothing reads it";
const none: RowMapping = { columns: {} };

/** What each column is taken for, and whose turns its conversations have; both can be chosen by hand. */
export function ColumnsForm({ columns, turns, mapping, onChange }: Props) {
  const id = useId();
  const now = mapping ?? none;
  const setColumn = (name: string, role: ColumnRole | null) => {
    const { [name]: _, ...others } = now.columns;
    onChange({ ...now, columns: role ? { ...others, [name]: role } : others });
  };
  return (
    <div className="mt-3">
      <table className="w-full">
        <thead className="text-soft text-xs">
          <tr className="text-left">
            <th className="py-1 pr-3 font-medium">Column</th>
            <th className="hidden pr-3 font-medium sm:table-cell">Recognised as</th>
            <th className="font-medium">Taken for</th>
          </tr>
        </thead>
        <tbody>
          {columns.map(({ name, takenFor }, i) => (
            <tr key={name} className="border-t">
              <th scope="row" className="max-w-40 break-words py-1 pr-3 text-left font-mono font-normal text-xs">
                <label htmlFor={`${id}-${i}`}>{name}</label>
                <span className="block font-sans text-soft sm:hidden">{takenFor ?? nothing}</span>
              </th>
              <td className="hidden pr-3 text-soft text-xs sm:table-cell">{takenFor ?? nothing}</td>
              <td>
                <select
                  id={`${id}-${i}`}
                  value={now.columns[name] ?? ""}
                  onChange={({ target: { value } }) => setColumn(name, (value || null) as ColumnRole | null)}
                  className={select}
                >
                  <option value="">as recognised</option>
                  {columnRoles.map((role) => (
                    <option key={role} value={role}>
                      {roleWords[role]}
                    </option>
                  ))}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {turns && <TurnsForm turns={turns} mapping={now} onChange={onChange} />}
      {mapping && (
        <Button kind="quiet" className="mt-2" onClick={() => onChange(none)}>
          As recognised, all of it
        </Button>
      )}
    </div>
  );
}

interface TurnsProps {
  turns: NonNullable<Props["turns"]>;
  mapping: RowMapping;
  onChange: Props["onChange"];
}

function TurnsForm({ turns, mapping, onChange }: TurnsProps) {
  const id = useId();
  const { turn = { role: turns.role, content: turns.content }, speakers: said = {} } = mapping;
  const setSpeaker = (name: string, speaker: string) => {
    const { [name]: _, ...others } = said;
    const next = speaker ? { ...others, [name]: speaker as (typeof speakers)[number] } : others;
    const { speakers: _before, ...rest } = mapping;
    onChange({ ...rest, turn, ...(Object.keys(next).length > 0 && { speakers: next }) });
  };
  return (
    <details className="mt-3 border-t pt-3" open={mapping.turn !== undefined || mapping.speakers !== undefined}>
      <summary className="cursor-pointer">Turns: role and content</summary>
      <div className="mt-2 grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {(["role", "content"] as const).map((part) => (
          <div key={part} className="grid gap-1">
            <label htmlFor={`${id}-${part}`}>{part === "role" ? "Field of the role" : "Field of the content"}</label>
            <select
              id={`${id}-${part}`}
              value={turn[part]}
              onChange={(event) => onChange({ ...mapping, turn: { ...turn, [part]: event.target.value } })}
              className={select}
            >
              {turns.fields.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </div>
        ))}
        {turns.speakers.map((name, i) => (
          <div key={name} className="grid gap-1">
            <label htmlFor={`${id}-${i}`} className="break-words">
              Speaker <code className="font-mono text-xs">{name}</code>
            </label>
            <select
              id={`${id}-${i}`}
              value={said[name] ?? ""}
              onChange={(event) => setSpeaker(name, event.target.value)}
              className={select}
            >
              <option value="">as recognised</option>
              {speakers.map((speaker) => (
                <option key={speaker} value={speaker}>
                  {speakerWords[speaker]}
                </option>
              ))}
            </select>
          </div>
        ))}
      </div>
    </details>
  );
}
