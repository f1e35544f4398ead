import { expect, test } from "vitest";
import { parseCronSchedule } from "./cron-schedule.ts";

test.each([
  ["*/5 * * * *", "2026-03-01T10:02:30Z", "2026-03-01T10:05:00.000Z"],
  ["0 3 * * *", "2026-03-01T03:00:00Z", "2026-03-02T03:00:00.000Z"],
  ["30 22 * * mon-fri", "2026-03-06T23:00:00Z", "2026-03-09T22:30:00.000Z"],
  ["0 0 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00.000Z"],
  ["0 0 13 * 5", "2026-03-01T00:00:00Z", "2026-03-06T00:00:00.000Z"],
  ["15 1,13 1-7 jan,jul 7", "2026-01-02T00:00:00Z", "2026-01-02T01:15:00.000Z"],
  ["@hourly", "2026-12-31T23:10:00Z", "2027-01-01T00:00:00.000Z"],
  ["10/20 * * * *", "2026-03-01T10:31:00Z", "2026-03-01T10:50:00.000Z"],
])("%s after %s is due at %s", (schedule, after, expected) => {
  const next = parseCronSchedule(schedule).next(Date.parse(after));
  expect(new Date(next ?? 0).toISOString()).toBe(expected);
});

test.each(["", "* * * *", "60 * * * *", "* * * foo *", "5-1 * * * *", "*/0 * * * * *"])(
  "%j is refused",
  (schedule) => expect(() => parseCronSchedule(schedule)).toThrow(/schedule/),
);

test("a day that never comes is never due", () => {
  expect(parseCronSchedule("0 0 31 2 *").next(Date.now())).toBeUndefined();
});
