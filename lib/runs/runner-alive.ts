// Whether a runner is there to take runs up, by what it writes every few seconds (lib/runner/heartbeat.ts).
import { setting } from "../settings/setting";

/** The setting that it writes. */
export const runnerBeat = "runner.beat";
export const beatEveryMs = 3000;

/** When a runner wrote last; null where none is there, or the last one ended in order. */
export function lastBeat(): number | null {
  const written = setting(runnerBeat);
  return written === null ? null : beatIn(written);
}

export const runnerAlive = (now: number): boolean => isAlive(lastBeat(), now);

/** Whether a runner that wrote at that time still lives. */
export const isAlive = (at: number | null, now: number): boolean => at !== null && now - at < 4 * beatEveryMs;

export const beatIn = (value: string): number => (JSON.parse(value) as { at: number }).at;
