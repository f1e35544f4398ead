/** How a Running condition counts: `Step: 3/12. ` before its own words. Upstream's controller says no more than that. */
const STEP = /^Step: \d+\/\d+\.?\s*/;

/** The words of a Running condition without its count of steps; empty when it only counts. */
export function withoutStepCount(message: string): string {
  return message.replace(STEP, "");
}
