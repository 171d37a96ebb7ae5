"use client";

import { useMutation } from "@tanstack/react-query";
import { Square } from "lucide-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { chatReveal } from "@/lib/runs/chat-schema";
import { Button, Key } from "../../../../ui/buttons";
import { Problem } from "../../../../ui/cards";
import { Link } from "../../../../ui/link";
import { Prose } from "../../../../ui/prose";
import { Empty } from "../../../../ui/screen";
import { sayError } from "../../../../ui/toast";
import { useHydrated } from "../../../../ui/use-hydrated";
import { Answers } from "./answers";
import { Composer } from "./composer";
import { type Turn, useConversation } from "./conversation";
import { type Side, soleAnswer, useExchange } from "./use-exchange";

type Verdict = "left" | "right" | "tie" | "both_bad";
const verdicts: Record<Verdict, { label: string; key: string }> = {
  left: { label: "A is better", key: "1" },
  right: { label: "B is better", key: "2" },
  tie: { label: "Tie", key: "9" },
  both_bad: { label: "Both bad", key: "0" },
};

interface Props {
  run: string;
  /** What it is called. */
  name: string;
  /** Checkpoints, newest first. */
  steps: number[];
  /** Runs that can answer beside it. */
  others: { id: string; name: string }[];
  /** Whether an annotator is signed in, who can vote. */
  known: boolean;
  /** Whether there is a policy to chat with. */
  trained: boolean;
}

export function ChatView({ run, name, steps, others, known, trained }: Props) {
  const [talk, setTalk] = useConversation(run);
  const latest = useRef(talk);
  latest.current = talk;
  const set = (change: Partial<typeof talk>) => setTalk({ ...talk, ...change });
  const [text, setText] = useState("");
  const { exchange, ask, stop, clear } = useExchange(run);
  const hydrated = useHydrated();
  const vote = useMutation({
    mutationFn: (verdict: Verdict) => {
      const activeMs = Math.round(performance.now() - exchange!.since);
      return send("POST", `/api/runs/${run}/chat/vote`, { exchange: exchange!.key, verdict, activeMs }, chatReveal);
    },
    onError: (error) => void sayError(error.message),
  });
  const written = exchange?.sides.every(({ done }) => done) ?? false;
  const several = exchange !== null && exchange.sides.length > 1;
  const canVote = written && several && !vote.data && !vote.isPending && known;
  useVoteKeys(text === "" && canVote, (verdict) => vote.mutate(verdict));
  if (!trained)
    return (
      <Empty title="No model to chat with yet">
        You can chat with a run once it has saved an adapter. Reward models only score.
      </Empty>
    );

  const question = () => {
    const asked = text.trim();
    if (asked === "") return;
    const answered = soleAnswer(exchange);
    const before = answered ? [...talk.turns, turnOf(answered)] : talk.turns;
    const turns: Turn[] = [...before, { role: "user", content: asked }];
    set({ turns });
    setText("");
    vote.reset();
    const { system, step, temperature, longest, beside } = talk;
    const said = turns.map(({ role, content }) => ({ role, content }));
    const first = system.trim() === "" ? [] : [{ role: "system" as const, content: system.trim() }];
    void ask({ messages: [...first, ...said], step, temperature, longest, beside }).then((isAnswered) => {
      if (isAnswered) return;
      setTalk({ ...latest.current, turns: before });
      setText((typed) => (typed === "" ? asked : `${asked}\n\n${typed}`));
    });
  };
  /** The conversation goes on from one of the answers. */
  const continueWith = (side: Side) => {
    set({ turns: [...talk.turns, turnOf(side)] });
    vote.reset();
    clear();
  };
  return (
    <div className="grid gap-4">
      <Conversation turns={talk.turns} />
      {exchange?.problem && <Problem error={exchange.problem} />}
      {exchange && !exchange.problem && (
        <>
          <Answers
            sides={exchange.sides}
            names={vote.data?.names ?? (several ? null : [name])}
            action={(side) =>
              (vote.data || (!several && side.done)) && (
                <Button className="mt-2" onClick={() => continueWith(side)}>
                  Continue with this answer
                </Button>
              )
            }
          />
          <div className="flex flex-wrap items-center gap-2" aria-live="polite">
            {!written && (
              <Button onClick={stop}>
                <Square size={14} aria-hidden /> Stop
              </Button>
            )}
            {written && several && !vote.data && known && (
              <fieldset disabled={vote.isPending} className="flex flex-wrap gap-2">
                <legend className="sr-only">Your vote</legend>
                {(Object.keys(verdicts) as Verdict[]).map((verdict) => (
                  <Button key={verdict} onClick={() => vote.mutate(verdict)}>
                    {verdicts[verdict].label}{" "}
                    <span aria-hidden="true">
                      <Key>{verdicts[verdict].key}</Key>
                    </span>
                  </Button>
                ))}
              </fieldset>
            )}
            {written && several && !known && (
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
      <Composer
        text={text}
        onText={setText}
        onSend={question}
        talk={talk}
        set={set}
        steps={steps}
        others={others}
        disabled={!hydrated}
      >
        {talk.turns.length > 0 && (
          <Button
            onClick={() => {
              clear();
              vote.reset();
              set({ turns: [] });
            }}
          >
            New conversation
          </Button>
        )}
      </Composer>
    </div>
  );
}

const turnOf = ({ text, html }: Side): Turn => ({
  role: "assistant",
  content: text,
  ...(html !== undefined && { html }),
});

const Conversation = ({ turns }: { turns: Turn[] }) => (
  <ol className="grid gap-2" aria-label="Conversation">
    {turns.map(({ role, content, html }, i) => (
      <li
        // biome-ignore lint/suspicious/noArrayIndexKey: turns stand in order
        key={i}
        dir="auto"
        className={`max-w-[75ch] rounded-md p-3 ${role === "user" ? "bg-accent-wash" : "border bg-surface"}`}
      >
        <span className="sr-only">{role === "user" ? "You: " : "Answer: "}</span>
        {html === undefined ? (
          <span className="whitespace-pre-wrap break-words">{content}</span>
        ) : (
          <Prose html={html} />
        )}
      </li>
    ))}
  </ol>
);

/** 1, 2, 9 and 0 vote while nothing is typed. */
function useVoteKeys(active: boolean, vote: (verdict: Verdict) => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const typing = target.matches("input, select, textarea") && target.id !== "question";
    if (!active || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const found = (Object.keys(verdicts) as Verdict[]).find((verdict) => verdicts[verdict].key === event.key);
    if (found === undefined) return;
    event.preventDefault();
    vote(found);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
