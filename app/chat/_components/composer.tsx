"use client";

import { SendHorizontal } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../../ui/buttons";
import type { Conversation } from "./conversation";

interface Props {
  text: string;
  onText: (text: string) => void;
  onSend: () => void;
  talk: Conversation;
  set: (change: Partial<Conversation>) => void;
  /** Checkpoints, newest first. */
  steps: number[];
  /** Runs that can answer beside it. */
  others: { id: string; name: string }[];
  /** Whether it is a base model, which has no checkpoints. */
  isBase: boolean;
  disabled: boolean;
  children: ReactNode;
}

/** Whether a key sends the message: the Enter that ends the composition of an input method does not. */
export const sends = ({ key, shiftKey, isComposing }: Pick<KeyboardEvent, "key" | "shiftKey" | "isComposing">) =>
  key === "Enter" && !shiftKey && !isComposing;

/** The next message, and how it is asked. Enter sends, Shift and Enter begin a line. */
export function Composer({ text, onText, onSend, talk, set, steps, others, isBase, disabled, children }: Props) {
  const it = isBase ? "this model" : "this run";
  const number = (value: string) => Number(value);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
      className="grid gap-2 rounded-md border bg-surface p-3"
    >
      <details open={talk.system !== "" || undefined}>
        <summary className="text-soft">System prompt</summary>
        <textarea
          aria-label="System prompt"
          rows={2}
          value={talk.system}
          onChange={(event) => set({ system: event.target.value })}
          className="mt-1 w-full rounded-md border bg-canvas px-3 py-2"
        />
      </details>
      <label htmlFor="question" className="font-medium">
        Message
      </label>
      <textarea
        id="question"
        rows={2}
        value={text}
        disabled={disabled}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (!sends(event.nativeEvent)) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
        className="w-full rounded-md border bg-canvas px-3 py-2 text-base"
      />
      <div className="flex flex-wrap items-end gap-4">
        <Button type="submit" kind="primary" disabled={text.trim() === ""}>
          <SendHorizontal size={15} aria-hidden /> Send
        </Button>
        <label className="grid gap-1 text-xs">
          Answers
          <select
            value={talk.beside ?? ""}
            onChange={(event) => set({ beside: event.target.value || null })}
            className="max-w-64 rounded-md border bg-canvas px-2 py-1"
          >
            {!isBase && <option value="base">this run and its base</option>}
            <option value="">{it} alone</option>
            {others.map(({ id, name }) => (
              <option key={id} value={id}>
                {it} and {name}
              </option>
            ))}
          </select>
        </label>
        {talk.beside !== null && (
          <label className="flex min-h-8 items-center gap-1.5 text-xs" title="Names are hidden until your vote">
            <input
              type="checkbox"
              checked={talk.blind}
              onChange={(event) => set({ blind: event.target.checked })}
              className="accent-(--accent)"
            />
            Blind
          </label>
        )}
        {!isBase && (
          <label className="grid gap-1 text-xs">
            Checkpoint
            <select
              value={talk.step ?? ""}
              onChange={(event) => set({ step: event.target.value === "" ? null : number(event.target.value) })}
              className="rounded-md border bg-canvas px-2 py-1"
            >
              <option value="">latest</option>
              {steps.map((one) => (
                <option key={one} value={one}>
                  step {one}
                </option>
              ))}
            </select>
          </label>
        )}
        <label className="numbers grid gap-1 text-xs">
          Temperature {talk.temperature.toFixed(1)}
          <input
            type="range"
            min={0}
            max={1.5}
            step={0.1}
            value={talk.temperature}
            onChange={(event) => set({ temperature: number(event.target.value) })}
            className="w-32 accent-(--accent)"
          />
        </label>
        <label className="numbers grid gap-1 text-xs">
          Max new tokens
          <input
            type="number"
            min={1}
            max={1024}
            value={talk.longest}
            onChange={(event) => set({ longest: Math.min(1024, Math.max(1, number(event.target.value) || 1)) })}
            className="w-24 rounded-md border bg-canvas px-2 py-1"
          />
        </label>
        {children}
      </div>
    </form>
  );
}
