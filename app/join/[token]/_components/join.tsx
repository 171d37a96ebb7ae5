"use client";

import { useState, useTransition } from "react";
import { send } from "@/app/_client/fetch";
import { shortestPassword } from "@/lib/access/access-schema";
import { Field, formClass } from "../../../_access/field";
import { useTranslate } from "../../../_messages/use-translate";
import { Button } from "../../../ui/buttons";
import { Problem } from "../../../ui/cards";
import { useHydrated } from "../../../ui/use-hydrated";

interface Props {
  token: string;
  /** Who chooses a new password; null where somebody joins. */
  known: string | null;
  /** That an owner gave with the invitation. */
  email: string | null;
  /** The role that the invitation gives, in words. */
  as: string | null;
}

/** Makes an account, or chooses a new password. */
export function Join({ token, known, email: given, as }: Props) {
  const t = useTranslate();
  const [error, setError] = useState<Error | null>(null);
  const [pending, start] = useTransition();
  const hydrated = useHydrated();
  const join = (form: FormData) =>
    start(async () => {
      const said = (name: string) => String(form.get(name) ?? "").trim();
      const email = said("email");
      const password = String(form.get("password"));
      try {
        await send("POST", "/api/join", {
          ...{ token, password, username: known ?? said("username") },
          ...(email !== "" && { email }),
        });
        location.assign(known === null ? "/" : "/sign-in");
      } catch (problem) {
        setError(problem as Error);
      }
    });
  return (
    <form
      className={formClass}
      onSubmit={(event) => {
        event.preventDefault();
        join(new FormData(event.currentTarget));
      }}
    >
      <h1 className="text-lg">
        {known === null ? t("access.joinTitle") : t("access.newPasswordFor", { name: known })}
      </h1>
      {as && <p className="mt-1 text-soft">{as}</p>}
      {known === null && (
        <>
          <Field
            label={t("access.userName")}
            name="username"
            autoComplete="username"
            minLength={3}
            maxLength={30}
            pattern="[a-zA-Z0-9_.]+"
            title={t("access.userNameRule")}
            disabled={!hydrated}
            help={t("access.userNameAbout")}
          />
          <Field
            label={t(given === null ? "access.email" : "access.invitedAddress")}
            name="email"
            type="email"
            autoComplete="email"
            required={false}
            disabled={!hydrated}
            {...(given !== null && { value: given, readOnly: true })}
          />
        </>
      )}
      <Field
        label={t("access.password")}
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={shortestPassword}
        maxLength={128}
        disabled={!hydrated}
        help={t("access.passwordRule", { least: shortestPassword })}
      />
      <Button kind="primary" type="submit" disabled={pending} className="mt-4 w-full">
        {t(known === null ? "access.join" : "access.choosePassword")}
      </Button>
      {error && (
        <div className="mt-3">
          <Problem error={error} />
        </div>
      )}
    </form>
  );
}
