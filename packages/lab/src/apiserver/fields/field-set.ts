import { fieldsOf } from "../json.ts";
import type { Fields } from "../json.ts";

/**
 * A set of fields as a tree. Steps are named as in FieldsV1: `f:name` for a field, `k:{"name":"x"}` for a list
 * item told by its keys, `v:"x"` for a value of a set. A node is in the set itself when `member` is true.
 */
export type FieldSet = Map<string, FieldNode>;
export type FieldNode = { member: boolean; readonly children: FieldSet };

export type FieldPath = readonly string[];

export function insertPath(set: FieldSet, path: FieldPath): void {
  let children = set;
  path.forEach((step, index) => {
    const node = children.get(step) ?? { member: false, children: new Map() };
    children.set(step, node);
    if (index === path.length - 1) node.member = true;
    children = node.children;
  });
}

/** Reads FieldsV1. */
export function fieldSetFrom(fieldsV1: unknown): FieldSet {
  const set: FieldSet = new Map();
  for (const [step, below] of Object.entries(fieldsOf(fieldsV1))) {
    if (step === ".") continue;
    const inner = fieldsOf(below);
    const children = fieldSetFrom(inner);
    set.set(step, { member: "." in inner || children.size === 0, children });
  }
  return set;
}

/** Writes FieldsV1, steps in alphabetical order. */
export function toFieldsV1(set: FieldSet): Fields {
  const fields: Fields = {};
  for (const step of [...set.keys()].sort()) {
    const node = set.get(step);
    if (node === undefined) continue;
    const below = toFieldsV1(node.children);
    fields[step] = node.member && node.children.size > 0 ? { ".": {}, ...below } : below;
  }
  return fields;
}

export function unionOf(...sets: readonly FieldSet[]): FieldSet {
  const result: FieldSet = new Map();
  for (const set of sets) {
    for (const [step, node] of set) {
      const before = result.get(step);
      result.set(step, {
        member: node.member || before?.member === true,
        children: unionOf(before?.children ?? new Map(), node.children),
      });
    }
  }
  return result;
}

/** The fields of `left` that are not in `right`. */
export function differenceOf(left: FieldSet, right: FieldSet): FieldSet {
  const result: FieldSet = new Map();
  for (const [step, node] of left) {
    const other = right.get(step);
    const children =
      other === undefined ? node.children : differenceOf(node.children, other.children);
    const member = node.member && other?.member !== true;
    if (member || children.size > 0) result.set(step, { member, children });
  }
  return result;
}

export function intersectionOf(left: FieldSet, right: FieldSet): FieldSet {
  const result: FieldSet = new Map();
  for (const [step, node] of left) {
    const other = right.get(step);
    if (other === undefined) continue;
    const children = intersectionOf(node.children, other.children);
    const member = node.member && other.member;
    if (member || children.size > 0) result.set(step, { member, children });
  }
  return result;
}

/** Every path of the set, in alphabetical order. */
export function pathsOf(set: FieldSet, base: FieldPath = []): FieldPath[] {
  return [...set]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([step, node]) => {
      const path = [...base, step];
      return [...(node.member ? [path] : []), ...pathsOf(node.children, path)];
    });
}

/** `.spec.containers[name="x"].image` */
export function describePath(path: FieldPath): string {
  return path.map(describeStep).join("");
}

function describeStep(step: string): string {
  const value = step.slice(2);
  if (step.startsWith("f:")) return `.${value}`;
  if (step.startsWith("v:")) return `[=${value}]`;
  if (step.startsWith("i:")) return `[${value}]`;
  const keys = Object.entries(fieldsOf(JSON.parse(value)));
  return `[${keys.map(([key, item]) => `${key}=${JSON.stringify(item)}`).join(",")}]`;
}
