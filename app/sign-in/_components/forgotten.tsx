"use client";

import { useState, useTransition } from "react";
import { askAuth, refusalOf } from "../../_access/ask-auth";
import { Field, formClass } from "../../_access/field";
import { useTranslate } from "../../_messages/use-translate";
import { Button } from "../../ui/buttons";
import { Problem } from "../../ui/cards";

/** Asks for a link by mail. What is said then is the same for whoever has no account. */
export function Forgotten({ onBack }: { onBack: () => void }) {
  const t = useTranslate();
  const [error, setError] = useState<string | null>(null);
  const [isSent, setIsSent] = useState(false);
  const [pending, start] = useTransition();
  const ask = (form: FormData) =>
    start(async () => {
      const answer = await askAuth("forgotten-password", { who: String(form.get("who")) });
      setIsSent(answer?.ok ?? false);
      setError(answer?.ok ? null : refusalOf(answer, t("access.forgottenAbout")));
    });
  return (
    <form
      className={formClass}
      onSubmit={(event) => {
        event.preventDefault();
        ask(new FormData(event.currentTarget));
      }}
    >
      <h1 className="text-lg">{t("access.forgottenTitle")}</h1>
      <Field label={t("access.who")} name="who" autoComplete="username" maxLength={200} autoFocus />
      <Button kind="primary" type="submit" disabled={pending} className="mt-4 w-full">
        {t("access.sendLink")}
      </Button>
      <p className="mt-4 text-soft text-sm" role="status">
        {t(isSent ? "access.linkSent" : "access.forgottenAbout")}
      </p>
      {error && (
        <div className="mt-3">
          <Problem error={error} />
        </div>
      )}
      <Button kind="quiet" className="mt-2" onClick={onBack}>
        {t("access.backToSignIn")}
      </Button>
    </form>
  );
}
