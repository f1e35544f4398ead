import { builtinSchema } from "../schema/builtin-schema.ts";
import { ANY } from "../schema/field-schema.ts";
import type { FieldSchema } from "../schema/field-schema.ts";
import fieldNumbers from "./field-numbers.json" with { type: "json" };

/** What a message has below one field number. */
export type PlannedField =
  | {
      readonly kind: "field";
      /** Its name in JSON. */
      readonly name: string;
      readonly schema: FieldSchema;
      /** Go keeps it as a pointer: there its zero value says something. */
      readonly isPointer: boolean;
      readonly form: FieldForm;
    }
  /** A message whose fields are the owner's own in JSON. */
  | { readonly kind: "embedded"; readonly plan: MessagePlan };

export type MessagePlan = { readonly name: string; readonly fields: Map<number, PlannedField> };

/** How a field is written whose schema does not tell. */
export type FieldForm = "plain" | "micro-time" | "schema-or-bool" | "schemas" | "schema-or-texts";

const NUMBERS: Readonly<Record<string, Readonly<Record<string, string>>>> = fieldNumbers;
const FORMS: Readonly<Record<string, FieldForm>> = {
  u: "micro-time",
  b: "schema-or-bool",
  a: "schemas",
  s: "schema-or-texts",
};

const plans = new Map<string, MessagePlan>();

/** Names of every model that has a message. */
export function plannedModels(): readonly string[] {
  return Object.keys(NUMBERS);
}

/** The message of a builtin type such as `V1Pod`; undefined for an unknown name. */
export function messagePlan(model: string): MessagePlan | undefined {
  const known = plans.get(model);
  if (known !== undefined) return known;
  const numbers = NUMBERS[model];
  if (numbers === undefined) return undefined;
  const plan: MessagePlan = { name: model, fields: new Map() };
  plans.set(model, plan);
  const schema = builtinSchema(model);
  for (const [name, code] of Object.entries(numbers)) {
    addField(plan, code, { name, schema: schema?.field(name) ?? ANY });
  }
  return plan;
}

/** Puts a field where its code says: `2`, `2.1` in the message at 2, a star for a pointer, a letter for a form. */
function addField(
  plan: MessagePlan,
  code: string,
  field: { readonly name: string; readonly schema: FieldSchema },
): void {
  const [, path = "", pointer, mark = ""] = /^([\d.]+)(\*?)(\w?)$/.exec(code) ?? [];
  const steps = path.split(".").map(Number);
  ownerOf(plan, steps.slice(0, -1)).fields.set(steps.at(-1) ?? 0, {
    kind: "field",
    ...field,
    isPointer: pointer === "*",
    form: FORMS[mark] ?? "plain",
  });
}

/** The message in which a field is: the model's own, or one embedded in it. */
function ownerOf(plan: MessagePlan, steps: readonly number[]): MessagePlan {
  let owner = plan;
  for (const step of steps) {
    const known = owner.fields.get(step);
    if (known?.kind === "embedded") {
      owner = known.plan;
      continue;
    }
    const below: MessagePlan = { name: `${owner.name}_${step}`, fields: new Map() };
    owner.fields.set(step, { kind: "embedded", plan: below });
    owner = below;
  }
  return owner;
}
