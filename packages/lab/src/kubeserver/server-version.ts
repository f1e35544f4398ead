/** Whether a server of this version knows what came with another: `isAtLeast("1.20.2", "1.24")` is false. */
export function isAtLeast(version: string, since: string): boolean {
  const [major = 0, minor = 0] = numbersOf(version);
  const [sinceMajor = 0, sinceMinor = 0] = numbersOf(since);
  return major === sinceMajor ? minor >= sinceMinor : major > sinceMajor;
}

function numbersOf(version: string): readonly number[] {
  return version.split(".", 2).map(Number);
}
