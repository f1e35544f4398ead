import { invalidValue, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { childOf, deepEqual, fieldsOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import { defaultTemplate, setDefaults } from "./pod-defaults.ts";
import { podSpecCauses } from "./pod-validation.ts";
import type { Strategy } from "./strategy.ts";

export const jobStrategy: Strategy = {
  defaults(object) {
    const spec = childOf(object, "spec");
    defaultJobSpec(spec);
    const labels = fieldsOf(fieldsOf(fieldsOf(spec["template"])["metadata"])["labels"]);
    if (Object.keys(object.metadata.labels ?? {}).length > 0) return;
    if (Object.keys(labels).length === 0) return;
    object.metadata.labels = { ...(labels as Record<string, string>) };
  },
  prepareCreate(object) {
    const spec = childOf(object, "spec");
    if (spec["manualSelector"] === true) return;
    const uid = object.metadata.uid ?? "";
    spec["selector"] = { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
    const metadata = childOf(childOf(spec, "template"), "metadata");
    const name = object.metadata.name;
    Object.assign(childOf(metadata, "labels"), {
      "batch.kubernetes.io/controller-uid": uid,
      "batch.kubernetes.io/job-name": name,
      "controller-uid": uid,
      "job-name": name,
    });
  },
  validate(object, stored) {
    const spec = fieldsOf(object["spec"]);
    const needsSelector = spec["manualSelector"] === true && spec["selector"] === undefined;
    return [
      ...(needsSelector ? [required("spec.selector")] : []),
      ...jobSpecCauses(spec, "spec"),
      ...frozenJob(object, stored),
    ];
  },
};

export const cronJobStrategy: Strategy = {
  defaults(object) {
    const spec = childOf(object, "spec");
    setDefaults(spec, {
      concurrencyPolicy: "Allow",
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
    const template = childOf(spec, "jobTemplate");
    if (template["metadata"] === undefined) template["metadata"] = {};
    defaultTemplate(childOf(template, "spec"));
  },
  validate(object) {
    const spec = fieldsOf(object["spec"]);
    const jobSpec = fieldsOf(fieldsOf(spec["jobTemplate"])["spec"]);
    return [...scheduleCauses(spec), ...jobSpecCauses(jobSpec, "spec.jobTemplate.spec")];
  },
};

function defaultJobSpec(spec: Fields): void {
  if (spec["completions"] === undefined && spec["parallelism"] === undefined) {
    setDefaults(spec, { completions: 1, parallelism: 1 });
  }
  setDefaults(spec, {
    parallelism: 1,
    backoffLimit: 6,
    completionMode: "NonIndexed",
    suspend: false,
    podReplacementPolicy: "TerminatingOrFailed",
    manualSelector: false,
  });
  defaultTemplate(spec);
}

function jobSpecCauses(spec: Fields, path: string): Cause[] {
  const podSpec = fieldsOf(fieldsOf(spec["template"])["spec"]);
  const causes = [...podSpecCauses(podSpec, `${path}.template.spec`)];
  if (podSpec["restartPolicy"] === "Always") {
    causes.push({
      reason: "FieldValueNotSupported",
      field: `${path}.template.spec.restartPolicy`,
      message: 'Unsupported value: "Always": supported values: "OnFailure", "Never"',
    });
  }
  return causes;
}

function scheduleCauses(spec: Fields): Cause[] {
  const schedule = textOf(spec["schedule"]) ?? "";
  if (schedule === "") return [required("spec.schedule")];
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/.test(schedule))
    return [];
  const fields = schedule.trim().split(/\s+/);
  if (fields.length === 5 && fields.every((field) => /^[\dA-Za-z*,/?-]+$/.test(field))) return [];
  const detail = `expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`;
  return [invalidValue("spec.schedule", schedule, detail)];
}

const FROZEN = ["completions", "selector", "template", "completionMode"];

function frozenJob(object: ApiObject, stored: ApiObject | undefined): Cause[] {
  if (stored === undefined) return [];
  const now = fieldsOf(object["spec"]);
  const before = fieldsOf(stored["spec"]);
  // A suspended job that never started may change where its pods run.
  if (before["suspend"] === true && fieldsOf(stored["status"])["startTime"] === undefined)
    return [];
  return FROZEN.filter((field) => !deepEqual(now[field], before[field])).map((field) =>
    invalidValue(`spec.${field}`, now[field], "field is immutable"),
  );
}
