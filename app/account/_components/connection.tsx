"use client";

import { useState, useTransition } from "react";
import { askAuth, refusalOf } from "../../_access/ask-auth";
import { useTranslate } from "../../_messages/use-translate";
import { Button } from "../../ui/buttons";
import { Card, Problem } from "../../ui/cards";
import { useHydrated } from "../../ui/use-hydrated";

interface Props {
  provider: string;
  linked: boolean;
  /** Whether whoever comes back from there was refused. */
  isRefused: boolean;
}

/** The team's provider as one more way in to an account with a password. */
export function Connection({ provider, linked: given, isRefused }: Props) {
  const t = useTranslate();
  const hydrated = useHydrated();
  const [linked, setLinked] = useState(given);
  const [error, setError] = useState(isRefused ? t("access.notConnected", { provider }) : null);
  const [pending, start] = useTransition();
  const ask = (path: string, done: (answer: Response) => unknown) =>
    start(async () => {
      const answer = await askAuth(path, {});
      setError(answer?.ok ? null : refusalOf(answer, t("access.staleSession")));
      if (answer?.ok) await done(answer);
    });
  const connect = () =>
    ask("link-social", async (answer) => location.assign(((await answer.json()) as { url: string }).url));
  const disconnect = () => ask("unlink-account", () => setLinked(false));
  return (
    <Card title={t("access.alsoByProvider", { provider })}>
      <p className="text-soft text-sm" role="status">
        {linked
          ? `${t("access.connected", { provider })} ${t("access.disconnectAbout")}`
          : t("access.connectAbout", { provider })}
      </p>
      <Button disabled={pending || !hydrated} className="mt-3" onClick={linked ? disconnect : connect}>
        {t(linked ? "access.disconnect" : "access.connect", { provider })}
      </Button>
      {error && (
        <div className="mt-3 max-w-sm">
          <Problem error={error} />
        </div>
      )}
    </Card>
  );
}
