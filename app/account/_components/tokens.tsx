"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { request, send } from "@/app/_client/checked-fetch";
import { rich } from "@/app/ui/rich";
import { getDateTimeFormat } from "@/common/formatters";
import { localeOf } from "@/common/written-language";
import { madeToken, type OwnToken, ownToken } from "@/lib/access/access-schema";
import { may, type Role, scopes } from "@/spec/roles";
import { useTranslate } from "../../_messages/use-translate";
import { Button } from "../../ui/buttons";
import { Card } from "../../ui/cards";
import { copyText } from "../../ui/copy-text";
import { Table } from "../../ui/table";
import { sayError } from "../../ui/toast";
import { useHydrated } from "../../ui/use-hydrated";
import { When } from "../../ui/when";

type Scope = (typeof scopes)[number];

/** Tokens for scripts: made, told once, ended. */
export function Tokens({ tokens: given, role, now }: { tokens: OwnToken[]; role: Role; now: number }) {
  const t = useTranslate();
  const [tokens, setTokens] = useState(given);
  const [made, setMade] = useState<string | null>(null);
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<Scope[]>(["read"].filter((scope): scope is Scope => may(role, scope as Scope)));
  const hydrated = useHydrated();
  const onError = (error: Error) => void sayError(error.message);
  const make = useMutation({
    mutationFn: () => send("POST", "/api/tokens", { name, scopes: chosen }, madeToken),
    onSuccess: ({ token, tokens }) => {
      setMade(token);
      setTokens(tokens);
      setName("");
    },
    onError,
  });
  const end = useMutation({
    mutationFn: (id: number) => request(`/api/tokens/${id}`, z.array(ownToken), { method: "DELETE" }),
    onSuccess: setTokens,
    onError,
  });
  return (
    <Card title={t("access.tokens")}>
      <p className="mb-2 text-sm text-soft">
        {rich(t, "access.tokensAbout", {
          link: (words) => (
            <a href="/api/openapi.json" className="text-accent underline">
              {words}
            </a>
          ),
        })}
      </p>
      {tokens.length > 0 && (
        <section className="overflow-x-auto" tabIndex={0} aria-label={t("access.tokensTable")}>
          <Table
            rows={tokens}
            keyOf={({ id }) => id}
            className="min-w-[40rem]"
            columns={[
              { name: t("access.name"), cell: ({ name }) => name },
              { name: t("access.may"), cell: ({ scopes }) => scopes.join(", ") },
              {
                name: t("access.until"),
                cell: ({ expiresAt }) =>
                  getDateTimeFormat(localeOf(t.language), { dateStyle: "medium" }).format(expiresAt),
              },
              {
                name: t("access.lastUsed"),
                cell: ({ usedAt }) =>
                  usedAt === null ? t("access.never") : <When at={usedAt} now={now} language={t.language} />,
              },
              {
                ...{ name: t("access.end"), silent: true },
                cell: ({ id, name }) => (
                  <Button kind="quiet" aria-label={t("access.endNamed", { name })} onClick={() => end.mutate(id)}>
                    {t("access.end")}
                  </Button>
                ),
              },
            ]}
          />
        </section>
      )}
      <form
        className="mt-2 flex flex-wrap items-end gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <label className="grid gap-1 text-sm">
          {t("access.name")}
          <input
            required
            maxLength={60}
            value={name}
            disabled={!hydrated}
            onChange={({ target }) => setName(target.value)}
            className="rounded-md border bg-canvas px-2 py-1.5"
          />
        </label>
        <fieldset className="flex flex-wrap gap-3 text-sm">
          <legend className="mb-1">{t("access.mayFor")}</legend>
          {scopes
            .filter((scope) => may(role, scope))
            .map((scope) => (
              <label key={scope} className="flex items-center gap-1.5">
                <input
                  type="checkbox"
                  checked={chosen.includes(scope)}
                  onChange={({ target }) =>
                    setChosen(target.checked ? [...chosen, scope] : chosen.filter((one) => one !== scope))
                  }
                />
                {scope}
              </label>
            ))}
        </fieldset>
        <Button type="submit" disabled={make.isPending || chosen.length === 0}>
          {t("access.makeToken")}
        </Button>
      </form>
      {made && (
        <div role="status" className="mt-3 rounded-md border p-3">
          <p className="text-sm">{t("access.tokenOnce")}</p>
          <p className="mt-1 flex flex-wrap items-center gap-2">
            <code className="min-w-0 break-all font-mono text-xs">{made}</code>
            <Button onClick={() => void copyText(made, t("access.tokenCopied"))}>{t("access.copy")}</Button>
          </p>
        </div>
      )}
    </Card>
  );
}
