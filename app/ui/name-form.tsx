"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { send } from "@/app/_client/fetch";
import { useTranslate } from "@/app/_messages/use-translate";
import type { AnnotatorDto } from "@/lib/people/people-schema";
import { Button } from "./buttons";
import { Problem } from "./cards";
import { useHydrated } from "./use-hydrated";

/** First visit: an annotator is a name. */
export function NameForm() {
  const t = useTranslate();
  const [name, setName] = useState("");
  const [error, setError] = useState<Error | null>(null);
  const [pending, start] = useTransition();
  const router = useRouter();
  const hydrated = useHydrated();
  const enter = () =>
    start(async () => {
      try {
        await send<AnnotatorDto>("POST", "/api/me", { name });
        router.refresh();
      } catch (problem) {
        setError(problem as Error);
      }
    });
  return (
    <form
      className="mx-auto mt-[12vh] max-w-sm rounded-md border bg-surface p-6"
      onSubmit={(event) => {
        event.preventDefault();
        enter();
      }}
    >
      <h1 className="text-lg">{t("name.title")}</h1>
      <p className="mt-1 text-soft">{t("name.about")}</p>
      <label className="mt-4 block font-medium" htmlFor="name">
        {t("name.label")}
      </label>
      <input
        id="name"
        autoComplete="nickname"
        disabled={!hydrated}
        required
        maxLength={40}
        value={name}
        onChange={(event) => setName(event.target.value)}
        className="mt-1 w-full rounded-md border bg-canvas px-3 py-2"
      />
      <Button kind="primary" type="submit" disabled={pending} className="mt-4 w-full">
        {t("name.start")}
      </Button>
      {error && (
        <div className="mt-3">
          <Problem error={error} />
        </div>
      )}
    </form>
  );
}
