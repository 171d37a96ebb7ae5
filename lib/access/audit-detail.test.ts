import { expect, test } from "vitest";
import { fieldsIn, says } from "./audit-detail";

test("a detail is read by its fields; what a note says is no field", () => {
  expect(fieldsIn("role viewer, note username zoe, of the team, email zoe@quorvex.example")).toEqual([
    ["role", "viewer"],
    ["note", "username zoe, of the team"],
    ["email", "zoe@quorvex.example"],
  ]);
  expect(fieldsIn('annotatorId 4, amount {"percent":50}, due 2026-12-03')).toEqual([
    ["annotatorId", "4"],
    ["amount", '{"percent":50}'],
    ["due", "2026-12-03"],
  ]);
  expect(fieldsIn("to erase a person")).toEqual([]);
  expect(says("role viewer, note username zoe", "username", "zoe")).toBe(false);
  expect(says("username Zoe", "username", "zoe")).toBe(true);
  expect(says("username zoe.smith", "username", "zoe")).toBe(false);
});
