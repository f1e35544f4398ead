import { coverageProblems } from "./coverage-table.ts";
import { documentProblems } from "./document-claims.ts";
import { root } from "./run-command.ts";

const problems = [...documentProblems(root), ...coverageProblems(root)];
for (const problem of problems) console.log(problem);
process.exit(problems.length === 0 ? 0 : 1);
