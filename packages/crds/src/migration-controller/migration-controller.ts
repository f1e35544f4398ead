import { z } from "zod";
import { KubeCondition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { migrationGroup } from "../migration/group.ts";
import { migrationControllerVariables } from "./variables.ts";
import type { VariableName } from "./variables.ts";
import type { Variable, VariableType } from "./variable.ts";

// Upstream accepts anything in any variable, so the schema documents and does not refuse;
// `readVariable` gives a typed value.
function variableFields(): Record<VariableName, z.ZodOptional<z.ZodUnknown>> {
  return Object.fromEntries(
    Object.entries(migrationControllerVariables).map(([name, variable]) => [
      name,
      z.unknown().optional().describe(describe(variable)),
    ]),
  ) as Record<VariableName, z.ZodOptional<z.ZodUnknown>>;
}

const typeInWords: Record<VariableType, string> = {
  boolean: "True or false",
  integer: "A whole number",
  string: "Text",
  strings: "A list of text",
  integers: "A list of whole numbers",
  map: "A map of text to text",
};

function describe(variable: Variable): string {
  const preset =
    variable.default === undefined ? "" : `; ${JSON.stringify(variable.default)} when absent`;
  const reader =
    variable.readBy === "nobody" ? "" : ` Read by ${variable.readBy}; sets ${variable.setsOn}.`;
  return `${variable.about} ${typeInWords[variable.type]}${preset}.${reader}`;
}

/** Settings of an installation. */
export const MigrationController = defineKind({
  ...migrationGroup,
  kind: "MigrationController",
  plural: "migrationcontrollers",
  statusSubresource: true,
  fields: {
    spec: z.looseObject(variableFields()).prefault({}),
    status: z.looseObject({ conditions: z.array(KubeCondition).optional() }).optional(),
  },
});
export type MigrationController = z.infer<typeof MigrationController.schema>;

/** The name of the one MigrationController of a cluster. */
export const migrationControllerName = "migration-controller";
