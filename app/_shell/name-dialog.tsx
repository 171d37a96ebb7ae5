"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { annotatorDto } from "@/lib/people/people-schema";
import { useTranslate } from "../_messages/use-translate";
import { Button } from "../ui/buttons";
import { Problem } from "../ui/cards";
import { Dialog } from "../ui/dialog";
import { say } from "../ui/toast";

interface Props {
  /** The name to change; null to enter under one, known or new. */
  name: string | null;
  from: HTMLElement | null;
  onClose: () => void;
}

/** Asks for a name: another annotator's, or a new one for the same. */
export function NameDialog({ name, from, onClose }: Props) {
  const t = useTranslate();
  const [typed, setTyped] = useState(name ?? "");
  const router = useRouter();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => send(name === null ? "POST" : "PATCH", "/api/me", { name: typed }, annotatorDto),
    onSuccess: async (annotator) => {
      await client.invalidateQueries(); // some of it was the other person's own
      router.refresh();
      void say(t(name === null ? "name.nowAs" : "name.nowCalled", { name: annotator.name }));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog
      title={t(name === null ? "name.title" : "shell.rename")}
      about={t(name === null ? "name.known" : "name.same")}
      from={from}
      onClose={onClose}
    >
      <form onSubmit={submit} className="mt-4">
        <label className="font-medium" htmlFor="account-name">
          {t("name.label")}
        </label>
        <input
          id="account-name"
          autoComplete="nickname"
          required
          maxLength={40}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="mt-1 w-full rounded-md border bg-canvas px-3 py-2"
        />
        {save.error && (
          <div className="mt-3">
            <Problem error={save.error} />
          </div>
        )}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>{t("name.cancel")}</Button>
          <Button kind="primary" type="submit" disabled={save.isPending}>
            {t(name === null ? "name.goOn" : "shell.rename")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
