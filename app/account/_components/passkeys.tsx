"use client";

import { useState, useTransition } from "react";
import { type OwnPasskey, ownPasskey } from "@/lib/access/access-schema";
import { askAuth, refusalOf } from "../../_access/ask-auth";
import { Field } from "../../_access/field";
import { makePasskey, whyNot } from "../../_access/passkey";
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
      stale,
      async (answer) => {
        const { id } = ownPasskey.pick({ id: true }).parse(await answer.json());
        setPasskeys([{ id, name, createdAt: Date.now() }, ...passkeys]);
      },
    );
  const rename = (id: string, name: string) =>
    ask(
      () => askAuth("passkey/update-passkey", { id, name }),
      "This passkey is gone.",
      () => setPasskeys(passkeys.map((one) => (one.id === id ? { ...one, name } : one))),
    );
  const remove = (id: string) =>
    ask(
      () => askAuth("passkey/delete-passkey", { id }),
      "This passkey is gone.",
      () => setPasskeys(passkeys.filter((one) => one.id !== id)),
    );
  return (
    <Card title="Passkeys">
      <p className="text-soft text-sm">
        {work
          ? "Sign in by what unlocks your phone, computer or security key: no password, no code."
          : "Passkeys work where the workbench has a name and https (or is at localhost); this address is none."}
      </p>
      <ul className="mt-2 grid gap-1" aria-label="Passkeys">
        {passkeys.map(({ id, name, createdAt }) => (
          <li key={id} className="flex flex-wrap items-center gap-2">
            <EditableText
              value={name ?? "Passkey"}
              label="Passkey"
              needs="signed in"
              required
              maxLength={60}
              onSave={(name) => rename(id, name)}
            />
            {createdAt !== null && (
              <span className="text-soft text-sm">
                since <When at={createdAt} now={now} />
              </span>
            )}
            <Button kind="quiet" aria-label={`Remove ${name ?? "Passkey"}`} onClick={() => remove(id)}>
              Remove
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

const stale = "The server did not take it. To add one, sign in again first: your session must be younger than a day.";

function Add({ pending, onAdd }: { pending: boolean; onAdd: (name: string) => void }) {
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
      <Field label="Name of the passkey" name="passkey" maxLength={60} placeholder="My phone" disabled={!hydrated} />
      <Button type="submit" disabled={pending} className="mt-4">
        Add a passkey
      </Button>
    </form>
  );
}
