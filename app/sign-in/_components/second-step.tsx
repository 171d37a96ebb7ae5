"use client";

import { useState, useTransition } from "react";
import { askAuth, refusalOf } from "../../_access/ask-auth";
import { CodeField, Field, formClass } from "../../_access/field";
import { useTranslate } from "../../_messages/use-translate";
import { Button } from "../../ui/buttons";
import { Problem } from "../../ui/cards";

interface Props {
  onEnter: () => void;
  onStartAgain: () => void;
}

/** A code after the password: of the authenticator app, or a backup code. */
export function SecondStep({ onEnter, onStartAgain }: Props) {
  const t = useTranslate();
  const [error, setError] = useState<string | null>(null);
  const [byBackup, setByBackup] = useState(false);
  const [pending, start] = useTransition();
  const give = (form: FormData) =>
    start(async () => {
      const path = byBackup ? "verify-backup-code" : "verify-totp";
      const answer = await askAuth(`two-factor/${path}`, { code: String(form.get("code")).trim() });
      if (answer?.ok) return onEnter();
      setError(refusalOf(answer, t("access.wrongCode")));
    });
  return (
    <form
      className={formClass}
      onSubmit={(event) => {
        event.preventDefault();
        give(new FormData(event.currentTarget));
      }}
    >
      <h1 className="text-lg">{t(byBackup ? "access.backupTitle" : "access.codeTitle")}</h1>
      {byBackup ? (
        <Field key="backup" label={t("access.backup")} name="code" autoComplete="off" maxLength={20} autoFocus />
      ) : (
        <CodeField key="app" autoFocus />
      )}
      <Button kind="primary" type="submit" disabled={pending} className="mt-4 w-full">
        {t("access.signIn")}
      </Button>
      {error && (
        <div className="mt-3">
          <Problem error={error} />
        </div>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button
          kind="quiet"
          onClick={() => {
            setByBackup(!byBackup);
            setError(null);
          }}
        >
          {t(byBackup ? "access.useApp" : "access.useBackup")}
        </Button>
        <Button kind="quiet" onClick={onStartAgain}>
          {t("access.startAgain")}
        </Button>
      </div>
      <p className="mt-4 text-soft text-sm">{t("access.hasNeither")}</p>
    </form>
  );
}
