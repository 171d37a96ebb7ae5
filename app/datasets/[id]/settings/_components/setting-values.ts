// Settings as a form holds them, text in every field, and as the server takes them.
import { type QueueDto, type QueueSettings, queueSettings } from "@/lib/annotation/queues/queue-schema";

export const settingNames = [
  "about",
  "guidelines",
  "mode",
  "aspects",
  "reasonTags",
  "rewritePairs",
  "judgesCount",
  "overlap",
  "strategy",
  "quota",
  "assignedOnly",
  "goldPercent",
  "mirrorPercent",
  "training",
] as const;
export type SettingName = (typeof settingNames)[number];
export type SettingTexts = Record<SettingName, string>;
export type SettingProblems = Partial<Record<SettingName, string>>;

export const textsOf = (queue: QueueDto): SettingTexts => ({
  about: queue.about,
  guidelines: queue.guidelines,
  mode: queue.mode,
  aspects: queue.aspects.join(", "),
  reasonTags: queue.reasonTags.join(", "),
  rewritePairs: String(queue.rewritePairs),
  judgesCount: String(queue.judgesCount),
  overlap: String(queue.overlap ?? ""),
  strategy: queue.strategy,
  quota: String(queue.quota ?? ""),
  assignedOnly: String(queue.assignedOnly),
  goldPercent: String(queue.goldPercent),
  mirrorPercent: String(queue.mirrorPercent),
  training: String(queue.training),
});

const asNumber = (text: string) => (text.trim() === "" ? Number.NaN : Number(text));
const orNone = (text: string) => (text.trim() === "" ? null : Number(text));
const asNames = (text: string) =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);

const readers: Partial<Record<SettingName, (text: string) => unknown>> = {
  aspects: asNames,
  reasonTags: asNames,
  rewritePairs: (text) => text === "true",
  judgesCount: (text) => text === "true",
  assignedOnly: (text) => text === "true",
  overlap: orNone,
  quota: orNone,
  goldPercent: asNumber,
  mirrorPercent: asNumber,
  training: asNumber,
};

/** What has been changed as the server takes it, or what is wrong with it, by field. */
export function readSettings(
  changed: Partial<SettingTexts>,
): { change: QueueSettings } | { problems: SettingProblems } {
  const given = Object.fromEntries(
    Object.entries(changed).map(([name, text]) => [
      name,
      readers[name as SettingName]?.(text) ?? (name in readers ? null : text),
    ]),
  );
  const { success, data, error } = queueSettings.safeParse(given);
  return success ? { change: data } : { problems: problemsOf(error.issues) };
}

/** The first problem of each field. */
export function problemsOf(issues: { path: PropertyKey[] | string; message: string }[]): SettingProblems {
  const problems: SettingProblems = {};
  for (const { path, message } of issues) {
    const name = String(typeof path === "string" ? path.split(".")[0] : path[0]) as SettingName;
    problems[name] ??= message;
  }
  return problems;
}
