// Who holds a lease, named so that another runner can tell whether that process is still there.
import { readFileSync, readlinkSync } from "node:fs";
import { beganAt } from "../scripts/setup/began-at.mjs";

const boot = () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
/** Process ids count within it: a container has one of its own. */
const namespace = () => readlinkSync("/proc/self/ns/pid");

/** A name that no other process has had, on this machine and since whatever restart of it. */
export const thisProcess = (): string => [process.pid, beganAt(process.pid), namespace(), boot()].join(" ");

/** Whether only a sign of life of its own tells if the process of that name still lives. */
export const isElsewhere = (name: string): boolean => name.split(" ")[2] !== namespace();

/** Whether the process of that name is known to have ended. One in another container, or named by an older version, may live. */
export function hasEnded(name: string): boolean {
  const [pid, began, where, since] = name.split(" ");
  if (since === undefined) return false;
  if (since !== boot()) return true;
  return where === namespace() && beganAt(Number(pid)) !== began;
}
