"use client";

import { useState, useTransition } from "react";
import { Field, formClass } from "../../_access/field";
import { Button } from "../../ui/buttons";
import { Problem } from "../../ui/cards";
import { useHydrated } from "../../ui/use-hydrated";

/** By user name or e-mail address and password; then back to where one came from. */
export function SignIn({ to }: { to: string }) {
  const [error, setError] = useState<string | null>(null);
  const [pending, start] = useTransition();
  const hydrated = useHydrated();
  const signIn = (form: FormData) =>
    start(async () => {
      const who = String(form.get("who")).trim();
      const password = String(form.get("password"));
      const [path, name] = who.includes("@") ? ["email", { email: who }] : ["username", { username: who }];
      const answer = await fetch(`/api/auth/sign-in/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...name, password }),
      }).catch(() => null);
      if (answer?.ok) return location.assign(to); // a page load: nothing of who was here before stays in memory
      setError(refusal(answer));
    });
  return (
    <form
      className={formClass}
      onSubmit={(event) => {
        event.preventDefault();
        signIn(new FormData(event.currentTarget));
      }}
    >
      <h1 className="text-lg">Sign in</h1>
      <Field label="User name or e-mail address" name="who" autoComplete="username" disabled={!hydrated} autoFocus />
      <Field label="Password" name="password" type="password" autoComplete="current-password" disabled={!hydrated} />
      <Button kind="primary" type="submit" disabled={pending} className="mt-4 w-full">
        Sign in
      </Button>
      {error && (
        <div className="mt-3">
          <Problem error={error} />
        </div>
      )}
      <p className="mt-4 text-soft text-sm">
        Accounts are made by invitation. Who has forgotten a password asks an owner for a link to choose another.
      </p>
    </form>
  );
}

/** The same whether there is no such account, it may not sign in any more, or the password is another. */
function refusal(answer: Response | null): string {
  if (answer === null) return "The server does not answer; try again in a moment.";
  if (answer.status === 429) {
    const seconds = answer.headers.get("x-retry-after");
    return `Too many tries; wait ${seconds === null ? "a minute" : `${seconds} s`} and try again.`;
  }
  if (answer.status >= 500) return "Something went wrong on the server; its log says what.";
  return "That user name and password do not belong together.";
}
