/** When a CronJob is due. */
export type CronSchedule = {
  /** The first due time after `after`, in milliseconds; undefined when there is none within five years. */
  next(after: number): number | undefined;
};

type Field = { readonly matches: (value: number) => boolean; readonly isAny: boolean };

const macros: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const horizonMs = 5 * 366 * dayMs;

/** Parses a schedule of five fields or a macro such as `@hourly`, in UTC. Throws when it is neither. */
export function parseCronSchedule(text: string): CronSchedule {
  const parts = (macros[text.trim()] ?? text.trim()).split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek] = parts;
  if (parts.length !== 5 || dayOfWeek === undefined) {
    throw new Error(
      `"${text}" is no schedule: five fields are needed (minute hour day month weekday).`,
    );
  }
  const fields = {
    minute: parseField(minute, { min: 0, max: 59 }),
    hour: parseField(hour, { min: 0, max: 23 }),
    dayOfMonth: parseField(dayOfMonth, { min: 1, max: 31 }),
    month: parseField(month, { min: 1, max: 12, names: months, firstName: 1 }),
    dayOfWeek: parseField(dayOfWeek, { min: 0, max: 7, names: days, firstName: 0 }),
  };
  return { next: (after) => nextTime(fields, after) };
}

type Fields = Record<"minute" | "hour" | "dayOfMonth" | "month" | "dayOfWeek", Field>;

function nextTime(fields: Fields, after: number): number | undefined {
  let time = Math.floor(after / minuteMs) * minuteMs + minuteMs;
  while (time < after + horizonMs) {
    const date = new Date(time);
    if (!isDay(fields, date)) time = Math.floor(time / dayMs) * dayMs + dayMs;
    else if (!fields.hour.matches(date.getUTCHours()))
      time = Math.floor(time / (60 * minuteMs) + 1) * 60 * minuteMs;
    else if (!fields.minute.matches(date.getUTCMinutes())) time += minuteMs;
    else return time;
  }
  return undefined;
}

// As in cron: when both day fields are restricted, either of them will do.
function isDay({ month, dayOfMonth, dayOfWeek }: Fields, date: Date): boolean {
  if (!month.matches(date.getUTCMonth() + 1)) return false;
  const byMonth = dayOfMonth.matches(date.getUTCDate());
  const byWeek =
    dayOfWeek.matches(date.getUTCDay()) || (date.getUTCDay() === 0 && dayOfWeek.matches(7));
  return dayOfMonth.isAny || dayOfWeek.isAny ? byMonth && byWeek : byMonth || byWeek;
}

type Bounds = {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  readonly firstName?: number;
};

function parseField(text: string | undefined, bounds: Bounds): Field {
  const ranges = (text ?? "").split(",").map((part) => parseRange(part, bounds));
  return {
    isAny: isAny(text),
    matches: (value) =>
      ranges.some(
        ({ from, to, step }) => value >= from && value <= to && (value - from) % step === 0,
      ),
  };
}

function parseRange(text: string, bounds: Bounds): { from: number; to: number; step: number } {
  const [, range = "", stepText] = /^([^/]+)(?:\/([1-9]\d*))?$/.exec(text) ?? [];
  const step = Number(stepText ?? 1);
  if (isAny(range)) return { from: bounds.min, to: bounds.max, step };
  const [fromText = "", toText] = range.split("-", 2);
  const from = parseValue(fromText, bounds);
  // A start with a step but no end runs to the end of the field.
  const end = stepText === undefined ? fromText : String(bounds.max);
  const to = parseValue(toText ?? end, bounds);
  if (to < from) throw new Error(`"${text}" is no range of a schedule.`);
  return { from, to, step };
}

function isAny(text: string | undefined): boolean {
  return text === "*" || text === "?";
}

function parseValue(text: string, { min, max, names = [], firstName = 0 }: Bounds): number {
  const named = names.indexOf(text.toLowerCase());
  const value = named === -1 ? Number(text) : named + firstName;
  if (!/^\d+$/.test(text) && named === -1) throw new Error(`"${text}" is no value of a schedule.`);
  if (value < min || value > max)
    throw new Error(`${value} is out of bounds in a schedule: ${min} to ${max}.`);
  return value;
}
