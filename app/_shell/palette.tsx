"use client";

import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import {
  Activity,
  Database,
  HardDrive,
  Hash,
  Import,
  Keyboard,
  type LucideIcon,
  PanelLeft,
  Plus,
  Sigma,
  SunMoon,
  UserRoundPen,
} from "lucide-react";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { placesQuery, recordPlaceQuery } from "../_client/queries";
import { useTranslate } from "../_messages/use-translate";
import { Key } from "../ui/buttons";
import { Dialog } from "../ui/dialog";
import { mayHere } from "../ui/may";
import { toggleTheme } from "../ui/theme";
import { openWindow } from "./opened";
import { openPages } from "./pages";
import { foldRail } from "./rail";
import { useHereActions } from "./use-here-actions";

/** Of datasets and runs: so many before anything is typed, and so many that match. */
const atOnce = 5;
const atMost = 50;

/** Everything by its name: pages, actions, datasets and runs. */
export function Palette({ from, onClose }: { from: HTMLElement | null; onClose: () => void }) {
  const t = useTranslate();
  const [typed, setTyped] = useState("");
  const { data, error } = useQuery(placesQuery);
  const { data: record } = useQuery(recordPlaceQuery(/^#?(\d+)$/.exec(typed.trim())?.[1] ?? ""));
  const router = useRouter();
  const here = useHereActions();
  const act = (work: () => void) => () => {
    onClose();
    work();
  };
  const goTo = (href: string) => act(() => router.push(href as Route));
  const labelled = data?.labelled.map(({ id, name }) => ({ name, path: `labelled/${id}` })) ?? [];
  const annotated = data?.datasets.map(({ id, name }) => ({ name, path: String(id) })) ?? [];
  const datasets = matching([...annotated, ...labelled], typed);
  const runs = matching(data?.runs ?? [], typed);
  return (
    <Dialog title={t("shell.searchAll")} hideTitle from={from} onClose={onClose}>
      <Command label={t("shell.searchAll")} loop>
        <Command.Input
          value={typed}
          onValueChange={setTyped}
          placeholder={t("palette.placeholder")}
          className="w-full rounded-md border bg-canvas px-3 py-2"
        />
        <Command.List className="mt-3 h-[min(50dvh,24rem)] overflow-y-auto">
          <Command.Empty className="p-4 text-soft">{error ? error.message : t("palette.none")}</Command.Empty>
          {record && (
            <Group heading={t("palette.records")}>
              <Item
                icon={Hash}
                value={t("palette.record", { id: record.id, dataset: record.dataset.name })}
                onSelect={goTo(`/datasets/${record.dataset.id}/records?record=${record.id}`)}
              />
            </Group>
          )}
          <Group heading={t("palette.goTo")}>
            {openPages().map(({ href, label, icon, key }) => (
              <Item key={href} icon={icon} value={t(label)} onSelect={goTo(href)} keys={`G ${key.toUpperCase()}`} />
            ))}
          </Group>
          <Group heading={t("palette.actions")}>
            {here.map(({ icon, label, href }) => (
              <Item key={href} icon={icon} value={label} onSelect={goTo(href)} />
            ))}
            {mayHere("write") && (
              <>
                <Item icon={Plus} value={t("palette.newRun")} onSelect={goTo("/runs/new")} />
                <Item icon={Import} value={t("palette.addData")} onSelect={goTo("/datasets/add")} />
              </>
            )}
            {mayHere("read") && <Item icon={Sigma} value={t("palette.derivation")} onSelect={goTo("/derivation")} />}
            {mayHere("administer") && (
              <Item icon={HardDrive} value={t("palette.storage")} onSelect={goTo("/settings/storage")} />
            )}
            <Item icon={SunMoon} value={t("palette.theme")} onSelect={act(toggleTheme)} />
            <Item icon={PanelLeft} value={t("shell.keyFold")} onSelect={act(foldRail)} keys={`${t("shell.ctrl")} B`} />
            {!("team" in document.documentElement.dataset) && (
              <Item icon={UserRoundPen} value={t("shell.switch")} onSelect={() => openWindow("enter")} />
            )}
            <Item icon={Keyboard} value={t("shell.shortcuts")} onSelect={() => openWindow("shortcuts")} keys="?" />
          </Group>
          {datasets.length > 0 && (
            <Group heading={t("shell.datasets")}>
              {datasets.map(({ path, name }) => (
                <Item
                  key={path}
                  icon={Database}
                  value={name}
                  id={`dataset ${path}`}
                  onSelect={goTo(`/${mayHere("read") ? "datasets" : "annotate"}/${path}`)}
                />
              ))}
            </Group>
          )}
          {runs.length > 0 && (
            <Group heading={t("shell.runs")}>
              {runs.map(({ id, name, status }) => (
                <Item
                  key={id}
                  icon={Activity}
                  value={name}
                  id={`run ${id}`}
                  about={status}
                  onSelect={goTo(`/runs/${id}`)}
                />
              ))}
            </Group>
          )}
        </Command.List>
      </Command>
    </Dialog>
  );
}

/** What has every typed word in its name; the list puts them in order. */
function matching<Named extends { name: string }>(all: Named[], typed: string): Named[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return all.slice(0, atOnce);
  return all.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word))).slice(0, atMost);
}

const Group = ({ heading, children }: { heading: string; children: ReactNode }) => (
  <Command.Group
    heading={heading}
    className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-soft [&_[cmdk-group-heading]]:text-xs"
  >
    {children}
  </Command.Group>
);

interface ItemProps {
  icon: LucideIcon;
  value: string;
  /** Tells it from others of the same name. */
  id?: string;
  about?: string;
  keys?: string;
  onSelect: () => void;
}

const Item = ({ icon: Icon, value, id = "", about, keys, onSelect }: ItemProps) => (
  <Command.Item
    value={`${value} ${id}`.trim()}
    onSelect={onSelect}
    className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded px-2 data-[selected=true]:bg-accent-wash"
  >
    <Icon size={16} aria-hidden className="shrink-0 text-soft" />
    <span className="min-w-0 truncate">{value}</span>
    {about && <span className="text-soft text-xs">{about}</span>}
    {keys && (
      <span className="ms-auto text-soft">
        <Key>{keys}</Key>
      </span>
    )}
  </Command.Item>
);
