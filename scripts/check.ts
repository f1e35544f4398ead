import { runChecks, staticChecks } from "./checks.ts";

const wanted = process.argv.slice(2);
const checks = staticChecks().filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)),
);
if (checks.length === 0) {
  const names = staticChecks().map(({ name }) => name);
  console.error(`No check is named so. There are: ${names.join(", ")}.`);
  process.exit(1);
}
const outcomes = await runChecks(checks);
process.exit(outcomes.every(({ result }) => result.code === 0) ? 0 : 1);
