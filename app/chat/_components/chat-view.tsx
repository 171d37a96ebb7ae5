"use client";

import { useMutation } from "@tanstack/react-query";
import { RotateCcw, Square } from "lucide-react";
import { useRef, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { type ChatAnswer, chatReveal } from "@/lib/runs/chat-schema";
import { Button } from "../../ui/buttons";
import { Problem } from "../../ui/cards";
import { Link } from "../../ui/link";
import { sayError } from "../../ui/toast";
import { useHydrated } from "../../ui/use-hydrated";
import { Answers } from "./answers";
import { Composer } from "./composer";
import { answersIn, messagesOf, type Turn, useConversations } from "./conversation";
import { Earlier } from "./earlier";
import { Thumbs } from "./thumbs";
import { Turns } from "./turns";
import { type Side, soleAnswer, useExchange } from "./use-exchange";
import { useThumbKeys, useThumbs } from "./use-thumbs";
import { useVoteKeys, type Verdict, Votes } from "./votes";

interface Props {
  /** A run's id, or `base:MODEL`. */
  subject: string;
  isBase: boolean;
  /** What it is called. */
  name: string;
  /** Checkpoints, newest first. */
  steps: number[];
  /** Runs that can answer beside it. */
  others: { id: string; name: string }[];
  /** Whether an annotator is signed in, who can vote. */
  known: boolean;
  /** What answers beside it, where the address says so. */
  beside: string | null;
}

export function ChatView({ subject, isBase, name, steps, others, known, beside: asked }: Props) {
  const { talk: kept, setTalk, earlier, begin, reopen, forget } = useConversations(subject, isBase);
  const [besideAsked, setBesideAsked] = useState(asked); // until another choice is made here
  const talk = besideAsked === null ? kept : { ...kept, beside: besideAsked };
  const latest = useRef(talk);
  latest.current = talk;
  const set = (change: Partial<typeof talk>) => {
    if (change.beside !== undefined) setBesideAsked(null);
    setTalk({ ...talk, ...change });
  };
  const [text, setText] = useState("");
  const { exchange, ask, stop, clear } = useExchange(subject);
  const hydrated = useHydrated();
  const vote = useMutation({
    mutationFn: (verdict: Verdict) => {
      const activeMs = Math.round(performance.now() - exchange!.since);
      return send(
        "POST",
        `/api/runs/${encodeURIComponent(subject)}/chat/vote`,
        { exchange: exchange!.key, verdict, activeMs },
        chatReveal,
      );
    },
    onError: (error) => void sayError(error.message),
  });
  const written = exchange?.sides.every(({ done }) => done) ?? false;
  const several = exchange !== null && exchange.sides.length > 1;
  const isBlind = several && exchange.names === null;
  const names = vote.data?.names ?? exchange?.names ?? (several ? null : [name]);
  useVoteKeys(text === "" && written && isBlind && !vote.data && !vote.isPending && known, (verdict) =>
    vote.mutate(verdict),
  );
  const answered = soleAnswer(exchange);
  /** What was said, with the answer of a model that was asked alone. */
  const said = answered ? [...talk.turns, turnOf(answered, talk.system)] : talk.turns;
  const inTurns = answersIn(talk.turns, talk.system);
  /** Those of the exchange, once it is known whose they are: a thumb on one of two blind answers would tell of the vote on both. */
  const now = (names ? (exchange?.sides ?? []) : []).filter(({ done, text }) => done && text !== "");
  const answerOf = ({ text }: Side) => ({ messages: messagesOf(talk.system, talk.turns), answer: text });
  const thumbs = useThumbs(subject, [...inTurns.filter((one) => one !== null), ...now.map(answerOf)], known);
  const keyed = known && answered !== null && answered.text !== "" && !thumbs.busy;
  useThumbKeys(keyed, (says) => answered && thumbs.press(answerOf(answered), says));
  const thumbsFor = (answer: ChatAnswer | null | undefined, keyed: boolean) =>
    known &&
    answer && (
      <Thumbs
        says={thumbs.thumbOn(answer)}
        disabled={thumbs.busy}
        keyed={keyed}
        onPress={(says) => thumbs.press(answer, says)}
      />
    );

  const request = (turns: Turn[]) => {
    vote.reset();
    const { system, step, temperature, longest, beside, blind } = talk;
    return ask({ messages: messagesOf(system, turns), step, temperature, longest, beside, blind });
  };
  const question = () => {
    const typed = text.trim();
    if (typed === "") return;
    const turns: Turn[] = [...said, { role: "user", content: typed }];
    set({ turns });
    setText("");
    void request(turns).then((isAnswered) => {
      if (isAnswered) return;
      setTalk({ ...latest.current, turns: said });
      setText((now) => (now === "" ? typed : `${typed}\n\n${now}`));
    });
  };
  const leave = () => {
    clear();
    vote.reset();
  };
  /** The conversation goes on from one of the answers. */
  const continueWith = (side: Side) => {
    set({ turns: [...talk.turns, turnOf(side, talk.system)] });
    leave();
  };
  return (
    <div className="grid gap-4">
      <Turns turns={talk.turns} action={(place) => thumbsFor(inTurns[place], false)} />
      {exchange?.problem && <Problem error={exchange.problem} />}
      {exchange && !exchange.problem && (
        <>
          <Answers
            sides={exchange.sides}
            names={names}
            action={(side) =>
              names &&
              (vote.data || side.done) && (
                <span className="mt-2 flex flex-wrap items-center gap-2">
                  {side.text !== "" && thumbsFor(answerOf(side), side === answered)}
                  <Button onClick={() => continueWith(side)}>Continue with this answer</Button>
                </span>
              )
            }
          />
          <div className="flex flex-wrap items-center gap-2" aria-live="polite">
            {!written && (
              <Button onClick={stop}>
                <Square size={14} aria-hidden /> Stop
              </Button>
            )}
            {written && isBlind && !vote.data && known && <Votes disabled={vote.isPending} onVote={vote.mutate} />}
            {written && isBlind && !known && (
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
            {thumbs.saved && (
              <p className="text-soft">
                Saved to{" "}
                <Link href={`/datasets/${thumbs.saved.id}`} className="text-ink underline">
                  {thumbs.saved.name}
                </Link>
                . Press the thumb again to take it back.
              </p>
            )}
            {written && (
              <Button kind="quiet" onClick={() => void request(talk.turns)}>
                <RotateCcw size={14} aria-hidden /> Regenerate
              </Button>
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
        isBase={isBase}
        disabled={!hydrated}
      >
        {talk.turns.length > 0 && (
          <Button
            onClick={() => {
              begin(said);
              leave();
            }}
          >
            New conversation
          </Button>
        )}
      </Composer>
      <Earlier
        conversations={earlier}
        onOpen={(one) => {
          reopen(said, one);
          leave();
        }}
        onDelete={forget}
      />
    </div>
  );
}

const turnOf = ({ text, html }: Side, system: string): Turn => ({
  role: "assistant",
  content: text,
  system: system.trim(),
  ...(html !== undefined && { html }),
});
