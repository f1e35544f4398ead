import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";

function templateOf(restartPolicy: string): Json {
  return { spec: { restartPolicy, containers: [{ name: "c", image: "a:1" }] } };
}

/** Jobs and cron jobs. */
export const jobCases: readonly ConformanceCase[] = [
  {
    name: "labels a job's pods with the job",
    async run({ api, path }) {
      const template = templateOf("Never");
      const { body } = expectStatus(
        await api.post(path("batch/v1", "jobs"), { metadata: { name: "j" }, spec: { template } }),
        201,
      );
      const labels = body.at("spec", "template", "metadata", "labels") as Json;
      assert.equal(labels["job-name"], "j");
      assert.equal(labels["controller-uid"], body.at("metadata", "uid"));
      assert.equal(body.at("spec", "backoffLimit"), 6);
      assert.equal(body.at("spec", "completions"), 1);
    },
  },
  {
    name: "labels a job's pods in the group of jobs too",
    since: "1.27",
    async run({ api, path }) {
      const template = templateOf("Never");
      const { body } = expectStatus(
        await api.post(path("batch/v1", "jobs"), { metadata: { name: "j" }, spec: { template } }),
        201,
      );
      const labels = body.at("spec", "template", "metadata", "labels") as Json;
      assert.equal(labels["batch.kubernetes.io/job-name"], "j");
      assert.equal(labels["batch.kubernetes.io/controller-uid"], body.at("metadata", "uid"));
    },
  },
  {
    name: "refuses a job that always restarts, and a cron job without a schedule",
    since: "1.21",
    async run({ api, path }) {
      const template = templateOf("Always");
      const job = await api.post(path("batch/v1", "jobs"), {
        metadata: { name: "j" },
        spec: { template },
      });
      expectRefusal(job, {
        code: 422,
        reason: "Invalid",
        message: /restartPolicy: (Unsupported|Required) value/,
      });
      const jobTemplate = { spec: { template: templateOf("Never") } };
      const cron = await api.post(path("batch/v1", "cronjobs"), {
        metadata: { name: "c" },
        spec: { schedule: "every day", jobTemplate },
      });
      expectRefusal(cron, {
        code: 422,
        reason: "Invalid",
        message: /spec\.schedule: Invalid value: "every day"/,
      });
    },
  },
];
