"use client";

import { useMutation } from "@tanstack/react-query";
import { SendHorizontal, Square } from "lucide-react";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { type ChatInput, chatReveal } from "@/lib/runs/run-schema";
import { Button } from "../../../../ui/buttons";
import { Problem } from "../../../../ui/cards";
import { Empty } from "../../../../ui/screen";
import { sayError } from "../../../../ui/toast";
import { useHydrated } from "../../../../ui/use-hydrated";
import { type Side, useExchange } from "./use-exchange";

type Verdict = "left" | "right" | "tie" | "both_bad";
const verdicts: Record<Verdict, string> = {
  left: "A is better",
  right: "B is better",
  tie: "Tie",
  both_bad: "Both bad",
};

interface Props {
  run: string;
  /** Checkpoints, newest first. */
  steps: number[];
  /** Whether an annotator is signed in, who can vote. */
  known: boolean;
  /** Whether there is a policy to chat with. */
  trained: boolean;
}

export function ChatView({ run, steps, known, trained }: Props) {
  const [turns, setTurns] = useState<ChatInput["messages"]>([]);
  const [text, setText] = useState("");
  const [step, setStep] = useState<number | null>(null);
  const [temperature, setTemperature] = useState(0.8);
  const { exchange, ask, stop } = useExchange(run);
  const hydrated = useHydrated();
  const vote = useMutation({
    mutationFn: (verdict: Verdict) =>
      send(
        "POST",
        `/api/runs/${run}/chat/vote`,
        {
          exchange: exchange!.key,
          verdict,
          activeMs: Math.round(performance.now() - exchange!.since),
        },
        chatReveal,
      ),
    onError: (error) => void sayError(error.message),
  });
  if (!trained)
    return (
      <Empty title="No model to chat with yet">
        You can chat with a run once it has saved an adapter. Reward models only score.
      </Empty>
    );

  const question = (event: FormEvent) => {
    event.preventDefault();
    const asked = text.trim();
    if (asked === "") return;
    const messages = [...turns, { role: "user" as const, content: asked }];
    setTurns(messages);
    setText("");
    vote.reset();
    void ask({ messages, step, temperature, longest: 160 });
  };
  /** The conversation goes on from one of the answers. */
  const continueWith = (side: Side) => {
    setTurns([...turns, { role: "assistant", content: side.text }]);
    vote.reset();
    stop();
  };
  const written = exchange?.sides.every(({ done }) => done) ?? false;
  return (
    <div className="grid gap-4">
      <ol className="grid gap-2" aria-label="Conversation">
        {turns.map(({ role, content }, i) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: turns stand in order
            key={i}
            className={`max-w-[75ch] rounded-md p-3 ${role === "user" ? "bg-accent-wash" : "border bg-surface"}`}
          >
            <span className="sr-only">{role === "user" ? "You: " : "Answer: "}</span>
            <span className="whitespace-pre-wrap break-words">{content}</span>
          </li>
        ))}
      </ol>
      {exchange?.problem && <Problem error={exchange.problem} />}
      {exchange && !exchange.problem && (
        <>
          <div className="grid gap-3 md:grid-cols-2" aria-busy={!written}>
            {exchange.sides.map((side, i) => (
              <article
                key={"AB"[i]}
                className="min-w-0 rounded-md border bg-surface p-3"
                aria-label={`Answer ${"AB"[i]}`}
              >
                <h2 className={`numbers mb-1 text-sm ${i === 0 ? "text-(--a)" : "text-(--b)"}`}>
                  {"AB"[i]}
                  {vote.data && ` · ${vote.data.names[i]}`}{" "}
                  <span className="font-normal text-soft text-xs">
                    {side.tokens} tokens{!side.done && "…"}
                  </span>
                </h2>
                <p className="min-h-16 whitespace-pre-wrap break-words text-base leading-relaxed">
                  {side.text || (side.done ? "(empty)" : <span className="text-soft">loading the model…</span>)}
                </p>
                {vote.data && (
                  <Button className="mt-2" onClick={() => continueWith(side)}>
                    Continue with this answer
                  </Button>
                )}
              </article>
            ))}
          </div>
          <div className="flex flex-wrap items-center gap-2" aria-live="polite">
            {!written && (
              <Button onClick={stop}>
                <Square size={14} aria-hidden /> Stop
              </Button>
            )}
            {written && !vote.data && known && (
              <fieldset disabled={vote.isPending} className="flex flex-wrap gap-2">
                <legend className="sr-only">Your vote</legend>
                {(Object.keys(verdicts) as Verdict[]).map((verdict) => (
                  <Button key={verdict} onClick={() => vote.mutate(verdict)}>
                    {verdicts[verdict]}
                  </Button>
                ))}
              </fieldset>
            )}
            {written && !known && (
              <p className="text-soft">
                To vote and see which is which,{" "}
                <Link href="/annotate" className="underline">
                  choose a name
                </Link>{" "}
                first.
              </p>
            )}
            {vote.data && (
              <p className="text-soft">
                Saved to <span className="text-ink">{vote.data.queue}</span>. A was {vote.data.names[0]}, B was{" "}
                {vote.data.names[1]}.
              </p>
            )}
          </div>
        </>
      )}
      <form onSubmit={question} className="grid gap-2 rounded-md border bg-surface p-3">
        <label htmlFor="question" className="font-medium">
          Message
        </label>
        <textarea
          id="question"
          rows={2}
          value={text}
          disabled={!hydrated}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey) event.currentTarget.form?.requestSubmit();
            if (event.key === "Enter" && !event.shiftKey) event.preventDefault();
          }}
          className="w-full rounded-md border bg-canvas px-3 py-2 text-base"
        />
        <div className="flex flex-wrap items-end gap-4">
          <Button type="submit" kind="primary" disabled={text.trim() === ""}>
            <SendHorizontal size={15} aria-hidden /> Send
          </Button>
          <label className="grid gap-1 text-xs">
            Checkpoint
            <select
              value={step ?? ""}
              onChange={(event) => setStep(event.target.value === "" ? null : Number(event.target.value))}
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
          <label className="numbers grid gap-1 text-xs">
            Temperature {temperature.toFixed(1)}
            <input
              type="range"
              min={0}
              max={1.5}
              step={0.1}
              value={temperature}
              onChange={(event) => setTemperature(Number(event.target.value))}
              className="w-32 accent-(--accent)"
            />
          </label>
          {turns.length > 0 && (
            <Button
              onClick={() => {
                stop();
                vote.reset();
                setTurns([]);
              }}
            >
              New conversation
            </Button>
          )}
        </div>
      </form>
    </div>
  );
}
