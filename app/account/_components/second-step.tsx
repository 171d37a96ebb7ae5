"use client";

import { useState, useTransition } from "react";
import { z } from "zod";
import { newBackupCodes, secondStepBegun } from "@/lib/access/access-schema";
import { askAuth, refusalOf } from "../../_access/ask-auth";
import { CodeField, Field } from "../../_access/field";
import { useTranslate } from "../../_messages/use-translate";
import { Button } from "../../ui/buttons";
import { Card, Problem } from "../../ui/cards";
import { say } from "../../ui/toast";
import { useHydrated } from "../../ui/use-hydrated";
import { BackupCodes } from "./backup-codes";
import { QrCode } from "./qr-code";

type Begun = z.infer<typeof secondStepBegun>;

/** Codes of an authenticator app after the password: turned on, renewed and turned off by the password. */
export function SecondStep({ isOn: given }: { isOn: boolean }) {
  const t = useTranslate();
  const [isOn, setIsOn] = useState(given);
  const [begun, setBegun] = useState<Begun | null>(null);
  const [backup, setBackup] = useState<string[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [pending, start] = useTransition();
  const ask = <T,>(path: string, body: object, answer: z.ZodType<T>, done: (told: T) => void, refused: string) =>
    start(async () => {
      const got = await askAuth(`two-factor/${path}`, body);
      setError(got?.ok ? null : refusalOf(got, refused));
      if (got?.ok) done(answer.parse(await got.json()));
    });
  const byPassword = <T,>(path: string, password: string, answer: z.ZodType<T>, done: (told: T) => void) =>
    ask(path, { password }, answer, done, t("access.passwordIsOther"));
  const confirm = (code: string) => ask("verify-totp", { code }, z.unknown(), turnedOn, t("access.nextCode"));
  const turnedOn = () => {
    setIsOn(true);
    setBegun(null);
    void say(t("access.turnedOn"));
  };
  const turnOff = (password: string) =>
    byPassword("disable", password, z.unknown(), () => {
      setIsOn(false);
      setBackup(null);
    });
  return (
    <Card title={t("access.codes")}>
      {isOn ? (
        <p className="text-sm">{t("access.codesOn")}</p>
      ) : (
        <p className="text-soft text-sm">{t("access.codesOff")}</p>
      )}
      {begun && <Scan uri={begun.totpURI} pending={pending} onCode={confirm} />}
      {backup && <BackupCodes codes={backup} />}
      {!isOn && !begun && (
        <PasswordForm
          pending={pending}
          actions={{
            [t("access.turnOn")]: (password) =>
              byPassword("enable", password, secondStepBegun, (told) => {
                setBegun(told);
                setBackup(told.backupCodes);
              }),
          }}
        />
      )}
      {isOn && (
        <PasswordForm
          pending={pending}
          actions={{
            [t("access.turnOff")]: turnOff,
            [t("access.newBackup")]: (password) =>
              byPassword("generate-backup-codes", password, newBackupCodes, (told) => setBackup(told.backupCodes)),
          }}
        />
      )}
      {error && (
        <div className="mt-3 max-w-sm">
          <Problem error={error} />
        </div>
      )}
    </Card>
  );
}

function Scan({ uri, pending, onCode }: { uri: string; pending: boolean; onCode: (code: string) => void }) {
  const t = useTranslate();
  const secret = new URL(uri).searchParams.get("secret") ?? "";
  return (
    <form
      className="mt-3 grid max-w-sm gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onCode(String(new FormData(event.currentTarget).get("code")).trim());
      }}
    >
      <p className="text-sm">{t("access.scan")}</p>
      <QrCode text={uri} label={t("access.qrCode")} />
      <p className="text-sm">
        {t("access.key")} <code className="break-all font-mono text-xs">{secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
      </p>
      <CodeField />
      <Button kind="primary" type="submit" disabled={pending} className="mt-2 justify-self-start">
        {t("access.confirm")}
      </Button>
    </form>
  );
}

interface Actions {
  pending: boolean;
  /** The first is done by Enter. */
  actions: Record<string, (password: string) => void>;
}

function PasswordForm({ pending, actions }: Actions) {
  const t = useTranslate();
  const hydrated = useHydrated();
  return (
    <form
      className="max-w-sm"
      onSubmit={(event) => {
        event.preventDefault();
        const { submitter } = event.nativeEvent as SubmitEvent;
        const form = event.currentTarget;
        actions[submitter?.textContent ?? ""]?.(String(new FormData(form).get("password")));
        form.reset();
      }}
    >
      <Field
        label={t("access.yourPassword")}
        name="password"
        type="password"
        autoComplete="current-password"
        disabled={!hydrated}
      />
      <div className="mt-4 flex flex-wrap gap-2">
        {Object.keys(actions).map((name) => (
          <Button key={name} type="submit" disabled={pending}>
            {name}
          </Button>
        ))}
      </div>
    </form>
  );
}
