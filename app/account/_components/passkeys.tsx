"use client";

import { useState, useTransition } from "react";
import { rich } from "@/app/ui/rich";
import { type OwnPasskey, ownPasskey } from "@/lib/access/access-schema";
import { askAuth, refusalOf } from "../../_access/ask-auth";
import { Field } from "../../_access/field";
import { makePasskey, whyNot } from "../../_access/passkey";
import { useTranslate } from "../../_messages/use-translate";
import { Button } from "../../ui/buttons";
import { Card, Problem } from "../../ui/cards";
import { EditableText } from "../../ui/editable-text";
import { useHydrated } from "../../ui/use-hydrated";
import { When } from "../../ui/when";

interface Props {
  passkeys: OwnPasskey[];
  user: string;
  /** Whether they work at the address of this workbench. */
  work: boolean;
  now: number;
}

/** Ways to sign in without a password: added, named, removed. */
export function Passkeys({ passkeys: given, user, work, now }: Props) {
  const t = useTranslate();
  const [passkeys, setPasskeys] = useState(given);
  const [error, setError] = useState<string | null>(null);
  const [pending, start] = useTransition();
  const ask = (asked: () => Promise<Response | null>, refused: string, done: (answer: Response) => unknown) =>
    start(async () => {
      try {
        const answer = await asked();
        setError(answer?.ok ? null : refusalOf(answer, refused));
        if (answer?.ok) await done(answer);
      } catch (problem) {
        setError(whyNot(problem));
      }
    });
  const add = (name: string) =>
    ask(
      () => makePasskey(user, name),
      t("access.staleSession"),
      async (answer) => {
        const { id } = ownPasskey.pick({ id: true }).parse(await answer.json());
        setPasskeys([{ id, name, createdAt: Date.now() }, ...passkeys]);
      },
    );
  const rename = (id: string, name: string) =>
    ask(
      () => askAuth("passkey/update-passkey", { id, name }),
      t("access.passkeyGone"),
      () => setPasskeys(passkeys.map((one) => (one.id === id ? { ...one, name } : one))),
    );
  const remove = (id: string) =>
    ask(
      () => askAuth("passkey/delete-passkey", { id }),
      t("access.passkeyGone"),
      () => setPasskeys(passkeys.filter((one) => one.id !== id)),
    );
  return (
    <Card title={t("access.passkeys")}>
      <p className="text-soft text-sm">{t(work ? "access.passkeysAbout" : "access.noPasskeys")}</p>
      <ul className="mt-2 grid gap-1" aria-label={t("access.passkeys")}>
        {passkeys.map(({ id, name, createdAt }) => (
          <li key={id} className="flex flex-wrap items-center gap-2">
            <EditableText
              value={name ?? t("access.passkey")}
              label={t("access.passkey")}
              needs="signed in"
              required
              maxLength={60}
              onSave={(name) => rename(id, name)}
            />
            {createdAt !== null && (
              <span className="text-soft text-sm">
                {rich(t, "access.sinceWhen", { when: () => <When at={createdAt} now={now} language={t.language} /> })}
              </span>
            )}
            <Button
              kind="quiet"
              aria-label={t("access.removeNamed", { name: name ?? t("access.passkey") })}
              onClick={() => remove(id)}
            >
              {t("access.remove")}
            </Button>
          </li>
        ))}
      </ul>
      {work && <Add pending={pending} onAdd={add} />}
      {error && (
        <div className="mt-3 max-w-sm">
          <Problem error={error} />
        </div>
      )}
    </Card>
  );
}

function Add({ pending, onAdd }: { pending: boolean; onAdd: (name: string) => void }) {
  const t = useTranslate();
  const hydrated = useHydrated();
  return (
    <form
      className="max-w-sm"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(String(new FormData(event.currentTarget).get("passkey")).trim());
        event.currentTarget.reset();
      }}
    >
      <Field
        label={t("access.passkeyName")}
        name="passkey"
        maxLength={60}
        placeholder={t("access.myPhone")}
        disabled={!hydrated}
      />
      <Button type="submit" disabled={pending} className="mt-4">
        {t("access.addPasskey")}
      </Button>
    </form>
  );
}
