import { expect, test } from "vitest";
import { onSmallDisk } from "../../test/small-disk";

test("F4: on a full disk a trainer waits with its events; once there is room each line is there, whole and once", () => {
  const stdout = onSmallDisk(`
    import { readFileSync } from "node:fs";
    import { openEvents } from "./trainers/run/event-file.ts";
    const events = openEvents(disk + "/events");
    for (let step = 1; step <= 200; step++) events.emit({ event: "note", text: step + "-".repeat(900) }); // 190 kB
    const lines = readFileSync(disk + "/events", "utf8").trim().split("\\n").map((line) => parseInt(JSON.parse(line).text));
    console.log(JSON.stringify(lines));
  `);
  expect(JSON.parse(stdout)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
});
