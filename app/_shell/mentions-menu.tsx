"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { AtSign } from "lucide-react";
import type { Route } from "next";
import { usePathname } from "next/navigation";
import { Popover } from "radix-ui";
import { useEffect, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { type MentionDto, mentionsRead } from "@/lib/annotation/comments/comments-schema";
import { mentionsQuery } from "../_client/queries";
import { useTranslate } from "../_messages/use-translate";
import { Link } from "../ui/link";
import { mayHere } from "../ui/may";
import { Prose } from "../ui/prose";
import { When } from "../ui/when";

/** Comments that name whoever is signed in, from every page; unread ones are counted. */
export function MentionsMenu() {
  const t = useTranslate();
  const path = usePathname();
  const [shownOn, setShownOn] = useState<string | null>(null); // another page closes it
  const client = useQueryClient();
  const { data: mentions = [] } = useQuery(mentionsQuery);
  useEffect(() => {
    if (path) void client.invalidateQueries({ queryKey: mentionsQuery.queryKey }); // somebody may have read some there
  }, [path, client]);
  const unread = mentions.filter((one) => one.unread).length;
  return (
    <Popover.Root open={shownOn === path} onOpenChange={(open) => setShownOn(open ? path : null)}>
      <Popover.Trigger
        aria-label={t("mention.count", { unread })}
        className="relative flex min-h-9 min-w-9 items-center justify-center rounded-md px-2 text-soft hover:bg-raised hover:text-ink"
      >
        <AtSign size={17} aria-hidden />
        {unread > 0 && (
          <span className="numbers -top-0.5 -end-0.5 absolute min-w-5 rounded-full bg-accent px-1 text-center text-accent-ink text-xs leading-5">
            {unread}
          </span>
        )}
      </Popover.Trigger>
      <Popover.Content
        align="end"
        sideOffset={6}
        collisionPadding={8}
        aria-label={t("mention.label")}
        className="z-50 max-h-(--radix-popover-content-available-height) w-[min(94vw,26rem)] overflow-y-auto rounded-md border bg-surface px-4 shadow-lg"
      >
        <ul className="divide-y">
          {mentions.map((mention) => (
            <Mention key={mention.id} mention={mention} />
          ))}
        </ul>
        {mentions.length === 0 && <p className="py-4 text-soft">{t("mention.none")}</p>}
      </Popover.Content>
    </Popover.Root>
  );
}

function Mention({ mention: { dataset, record, at, unread, said } }: { mention: MentionDto }) {
  const t = useTranslate();
  const client = useQueryClient();
  const page = `/datasets/${dataset.id}/records?record=${record}` as Route;
  const screen = `/annotate/${dataset.id}?record=${record}` as Route;
  const read = () => {
    if (!unread || said === null) return;
    send("PATCH", "/api/mentions", { record }, mentionsRead).then(
      () => client.invalidateQueries({ queryKey: mentionsQuery.queryKey }),
      () => undefined, // it stays unread
    );
  };
  return (
    <li className="py-3">
      <p className="flex flex-wrap items-baseline gap-x-2 text-soft text-xs">
        {unread && <span className="rounded-full bg-accent px-1.5 text-accent-ink">{t("mention.unread")}</span>}
        {said && <span className="font-medium text-ink">{said.who}</span>}
        <span className="break-all">{dataset.name}</span>
        <When at={at} language={t.language} />
      </p>
      {said ? (
        <div className="my-1 line-clamp-4 [--answer-text:var(--text-sm)]">
          <Prose html={said.html} />
        </div>
      ) : (
        <p className="my-1">{t("mention.hidden")}</p>
      )}
      <p className="flex flex-wrap gap-x-4">
        {(said === null || !mayHere("read")) && (
          <Link data-needs="annotate" href={screen} onClick={read} className="py-1 underline">
            {t(said ? "mention.open" : "mention.annotate")}
          </Link>
        )}
        <Link data-needs="read" href={page} onClick={read} className="py-1 underline">
          {t(said ? "mention.open" : "mention.read")}
        </Link>
      </p>
    </li>
  );
}
