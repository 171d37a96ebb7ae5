import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { send } from "@/app/_client/fetch";
import { useTranslate } from "@/app/_messages/use-translate";
import { rich } from "@/app/ui/rich";
import type { UnreadGuidelines } from "@/lib/annotation/guidelines/guidelines-schema";
import { Button } from "../../../ui/buttons";
import { sayError } from "../../../ui/toast";
import { When } from "../../../ui/when";
import { diffOf } from "./answer-diff";

interface Props {
  queueId: number;
  unread: UnreadGuidelines;
  onRead: () => void;
}

/** What changed in the guidelines since this person last annotated here; they say once that they have read it. */
export function NewGuidelines({ queueId, unread: { number, who, at, before, after }, onRead }: Props) {
  const t = useTranslate();
  const { agree, sending } = useAgreement(queueId, number, onRead);
  const { left, right } = before ? diffOf(before, after) : { left: null, right: after };
  return (
    <section aria-label={t("guidelines.label")} className="mx-auto w-full max-w-6xl px-4 py-6">
      <h2 className="text-lg">{t("guidelines.title")}</h2>
      <p className="mb-4 text-soft">
        {rich(t, who ? "guidelines.versionBy" : "guidelines.version", {
          ...{ number, who: who ?? "" },
          when: () => <When at={at} language={t.language} />,
        })}
      </p>
      <div className={`grid gap-4 ${left ? "lg:grid-cols-2" : ""}`}>
        {left && <Text title={t("guidelines.before")}>{left}</Text>}
        <Text title={t("guidelines.now")}>{right}</Text>
      </div>
      <p className="sticky bottom-0 mt-4 flex justify-end border-t bg-canvas py-3">
        <Button ref={focused} kind="primary" aria-keyshortcuts="Enter" disabled={sending} onClick={agree}>
          {rich(t, "guidelines.read")}
        </Button>
      </p>
    </section>
  );
}

/** Without scrolling: the text begins at the top. */
const focused = (button: HTMLButtonElement | null) => button?.focus({ preventScroll: true });

function useAgreement(queueId: number, number: number, onRead: () => void) {
  const [sending, setSending] = useState(false);
  const agree = useCallback(() => {
    setSending(true);
    send("POST", `/api/queues/${queueId}/guidelines`, { number })
      .then(onRead, (error: Error) => void sayError(error.message))
      .finally(() => setSending(false));
  }, [queueId, number, onRead]);
  const latest = useRef(agree);
  latest.current = agree;
  useEffect(() => {
    const press = ({ key, repeat, target }: KeyboardEvent) => {
      if (key === "Enter" && !repeat && target === document.body) latest.current(); // a control hears it itself
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return { agree, sending };
}

function Text({ title, children }: { title: string; children: ReactNode }) {
  return (
    <article aria-label={title} className="min-w-0 rounded-md border bg-surface p-4">
      <h3 className="mb-2 text-sm text-soft">{title}</h3>
      <p dir="auto" className="wrap-anywhere whitespace-pre-wrap">
        {children}
      </p>
    </article>
  );
}
