import { badRequest } from "./http/status-error.ts";

type Requirement = {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
};
export type LabelTest = (labels: Readonly<Record<string, string>> | undefined) => boolean;
export type FieldRequirement = {
  readonly field: string;
  readonly equals: boolean;
  readonly value: string;
};

/** Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k`; throws a 400 in Kubernetes' words. */
export function parseLabelSelector(text: string): LabelTest {
  const requirements = splitOutsideParentheses(text).map(parseRequirement);
  return (labels) => requirements.every((requirement) => isMet(requirement, labels ?? {}));
}

function splitOutsideParentheses(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === "(") depth += 1;
    else if (text[index] === ")") depth -= 1;
    else if (text[index] === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

const KEY = "[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?";
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EQUALITY = new RegExp(`^(${KEY})\\s*(==|=|!=|>|<)\\s*([-A-Za-z0-9_.]*)$`);
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`);

function parseRequirement(text: string): Requirement {
  const set = SET.exec(text);
  if (set !== null) {
    const values = (set[3] ?? "").split(",").map((value) => value.trim());
    return { key: set[1] ?? "", operator: set[2] ?? "", values };
  }
  const equality = EQUALITY.exec(text);
  if (equality !== null) {
    const operator = equality[2] === "==" ? "=" : (equality[2] ?? "=");
    return { key: equality[1] ?? "", operator, values: [equality[3] ?? ""] };
  }
  const exists = EXISTS.exec(text);
  if (exists === null) {
    throw badRequest(`unable to parse requirement: found '${text}', expected: a label selector`);
  }
  return { key: exists[2] ?? "", operator: exists[1] === "!" ? "!" : "exists", values: [] };
}

function isMet(requirement: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const { key, operator, values } = requirement;
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "=":
    case "in":
      return value !== undefined && values.includes(value);
    case "!=":
    case "notin":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    default:
      return value !== undefined && compareNumbers(operator, value, values[0] ?? "");
  }
}

function compareNumbers(operator: string, left: string, right: string): boolean {
  if (!/^-?\d+$/.test(left) || !/^-?\d+$/.test(right)) return false;
  return operator === ">" ? BigInt(left) > BigInt(right) : BigInt(left) < BigInt(right);
}

/** Parses `metadata.name=x,status.phase!=Running`. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] {
  return text
    .split(",")
    .filter((part) => part !== "")
    .map((part) => {
      const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(part);
      if (match === null) {
        throw badRequest(`invalid field selector: "${text}": can't understand '${part}'`);
      }
      return { field: match[1] ?? "", equals: match[2] !== "!=", value: match[3] ?? "" };
    });
}
