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
const SET = new RegExp(`^(?<key>${KEY})\\s+(?<operator>in|notin)\\s*\\((?<values>[^()]*)\\)$`);
const EQUALITY = new RegExp(
  `^(?<key>${KEY})\\s*(?<operator>==|=|!=|>|<)\\s*(?<value>[-A-Za-z0-9_.]*)$`,
);
const EXISTS = new RegExp(`^(?<not>!?)\\s*(?<key>${KEY})$`);

function parseRequirement(text: string): Requirement {
  const parsed = parseSet(text) ?? parseEquality(text) ?? parseExistence(text);
  if (parsed !== undefined) return parsed;
  throw badRequest(`unable to parse requirement: found '${text}', expected: a label selector`);
}

function parseSet(text: string): Requirement | undefined {
  const groups = SET.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { key = "", operator = "", values = "" } = groups;
  return { key, operator, values: values.split(",").map((value) => value.trim()) };
}

function parseEquality(text: string): Requirement | undefined {
  const groups = EQUALITY.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { key = "", operator = "", value = "" } = groups;
  return { key, operator: operator === "==" ? "=" : operator, values: [value] };
}

function parseExistence(text: string): Requirement | undefined {
  const groups = EXISTS.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { not, key = "" } = groups;
  return { key, operator: not === "!" ? "!" : "exists", values: [] };
}

type Test = (value: string | undefined, values: readonly string[]) => boolean;

const isOneOf: Test = (value, values) => value !== undefined && values.includes(value);
const isNoneOf: Test = (value, values) => !isOneOf(value, values);

const TESTS: Readonly<Record<string, Test>> = {
  "=": isOneOf,
  in: isOneOf,
  "!=": isNoneOf,
  notin: isNoneOf,
  exists: (value) => value !== undefined,
  "!": (value) => value === undefined,
  ">": (value = "", [bound = ""]) => compareNumbers(">", value, bound),
  "<": (value = "", [bound = ""]) => compareNumbers("<", value, bound),
};

function isMet(requirement: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const { key, operator, values } = requirement;
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  return TESTS[operator]?.(value, values) ?? false;
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
        throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
      }
      return { field: match[1] ?? "", equals: match[2] !== "!=", value: match[3] ?? "" };
    });
}
