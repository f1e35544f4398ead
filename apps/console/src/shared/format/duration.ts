/** How long something took or takes: `0.4 s`, `12 s`, `6 min 31 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1).replace(/\.0$/, "")} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${String(whole)} s`;
  const pair = (large: number, small: number, units: readonly [string, string]) =>
    small === 0
      ? `${String(large)} ${units[0]}`
      : `${String(large)} ${units[0]} ${String(small)} ${units[1]}`;
  if (whole < 3600) return pair(Math.floor(whole / 60), whole % 60, ["min", "s"]);
  const minutes = Math.round(whole / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), minutes % 60, ["h", "min"]);
  const hours = Math.round(minutes / 60);
  return pair(Math.floor(hours / 24), hours % 24, ["d", "h"]);
}
