"use client";

import { useRef, useState, useTransition } from "react";
import { shortestPassword } from "@/lib/access/access-schema";
import { askAuth, refusalOf } from "../../_access/ask-auth";
import { Field } from "../../_access/field";
import { useTranslate } from "../../_messages/use-translate";
import { Button } from "../../ui/buttons";
import { Card, Problem } from "../../ui/cards";
import { say } from "../../ui/toast";
import { useHydrated } from "../../ui/use-hydrated";

/** Another password, which ends every other session. */
export function ChangePassword() {
  const t = useTranslate();
  const [error, setError] = useState<string | null>(null);
  const [pending, start] = useTransition();
  const hydrated = useHydrated();
  const form = useRef<HTMLFormElement>(null);
  const change = (given: FormData) =>
    start(async () => {
      const answer = await askAuth("change-password", {
        currentPassword: given.get("current"),
        newPassword: given.get("new"),
        revokeOtherSessions: true,
      });
      if (!answer?.ok) return setError(refusalOf(answer, t("access.otherPassword")));
      setError(null);
      form.current?.reset();
      void say(t("access.passwordChanged"));
    });
  return (
    <Card title={t("access.password")}>
      <form
        ref={form}
        className="max-w-sm"
        onSubmit={(event) => {
          event.preventDefault();
          change(new FormData(event.currentTarget));
        }}
      >
        <Field
          label={t("access.currentPassword")}
          name="current"
          type="password"
          autoComplete="current-password"
          disabled={!hydrated}
        />
        <Field
          label={t("access.newPassword")}
          name="new"
          type="password"
          autoComplete="new-password"
          minLength={shortestPassword}
          maxLength={128}
          disabled={!hydrated}
          help={t("access.passwordRule", { least: shortestPassword })}
        />
        <Button type="submit" disabled={pending} className="mt-4">
          {t("access.changePassword")}
        </Button>
        {error && (
          <div className="mt-3">
            <Problem error={error} />
          </div>
        )}
      </form>
    </Card>
  );
}
