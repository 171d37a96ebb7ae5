"use client";

import { useState, useTransition } from "react";
import { askAuth, refusalOf } from "../../_access/ask-auth";
import { Field, formClass } from "../../_access/field";
import { signInByPasskey, whyNot } from "../../_access/passkey";
import { useTranslate } from "../../_messages/use-translate";
import { Button } from "../../ui/buttons";
import { Problem } from "../../ui/cards";
import { useHydrated } from "../../ui/use-hydrated";
import { Forgotten } from "./forgotten";
import { SecondStep } from "./second-step";

interface Props {
  to: string;
  /** Whether they work at the address of this workbench. */
  passkeys: boolean;
  /** The name of the team's provider; null where it has none. */
  provider: string | null;
  /** Whether this workbench sends mail. */
  mails: boolean;
  /** Whether it has just sent somebody back who does not get in. */
  isRefused: boolean;
}

/** By user name or e-mail address and password, and a code where somebody asked for that; then back to where one came from. */
export function SignIn({ to, passkeys, provider, mails, isRefused }: Props) {
  const t = useTranslate();
  const [error, setError] = useState<string | null>(isRefused ? t("access.notInvited") : null);
  const [asksCode, setAsksCode] = useState(false);
  const [hasForgotten, setHasForgotten] = useState(false);
  const [pending, start] = useTransition();
  const hydrated = useHydrated();
  const enter = () => location.assign(to); // a page load: nothing of who was here before stays in memory
  const signIn = (form: FormData) =>
    start(async () => {
      const who = String(form.get("who")).trim();
      const password = String(form.get("password"));
      const [path, name] = who.includes("@") ? ["email", { email: who }] : ["username", { username: who }];
      const answer = await askAuth(`sign-in/${path}`, { ...name, password });
      if (!answer?.ok) return setError(refusalOf(answer, t("access.wrongPassword")));
      setError(null);
      const { twoFactorRedirect } = (await answer.json()) as { twoFactorRedirect?: boolean };
      return twoFactorRedirect ? setAsksCode(true) : enter();
    });
  const byPasskey = () =>
    start(async () => {
      try {
        const answer = await signInByPasskey();
        if (answer?.ok) return enter();
        setError(refusalOf(answer, t("access.unknownPasskey")));
      } catch (problem) {
        setError(whyNot(problem));
      }
    });
  const atProvider = () =>
    start(async () => {
      const answer = await askAuth("sign-in/social", { to });
      if (!answer?.ok) return setError(refusalOf(answer, t("access.noProvider", { provider: provider ?? "" })));
      location.assign(((await answer.json()) as { url: string }).url);
    });
  if (asksCode) return <SecondStep onEnter={enter} onStartAgain={() => setAsksCode(false)} />;
  if (hasForgotten) return <Forgotten onBack={() => setHasForgotten(false)} />;
  return (
    <form
      className={formClass}
      onSubmit={(event) => {
        event.preventDefault();
        signIn(new FormData(event.currentTarget));
      }}
    >
      <h1 className="text-lg">{t("access.signIn")}</h1>
      <Field label={t("access.who")} name="who" autoComplete="username" disabled={!hydrated} autoFocus />
      <Field
        label={t("access.password")}
        name="password"
        type="password"
        autoComplete="current-password"
        disabled={!hydrated}
      />
      <Button kind="primary" type="submit" disabled={pending} className="mt-4 w-full">
        {t("access.signIn")}
      </Button>
      {passkeys && (
        <Button disabled={pending || !hydrated} className="mt-2 w-full" onClick={byPasskey}>
          {t("access.withPasskey")}
        </Button>
      )}
      {provider !== null && (
        <Button disabled={pending || !hydrated} className="mt-2 w-full" onClick={atProvider}>
          {t("access.withProvider", { provider })}
        </Button>
      )}
      {error && (
        <div className="mt-3">
          <Problem error={error} />
        </div>
      )}
      {mails && (
        <Button kind="quiet" disabled={!hydrated} className="mt-2 w-full" onClick={() => setHasForgotten(true)}>
          {t("access.forgotten")}
        </Button>
      )}
      <p className="mt-4 text-soft text-sm">{t("access.byInvitation")}</p>
    </form>
  );
}
