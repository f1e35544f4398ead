import type { Manifest } from "../seed/manifests.ts";
import { head } from "../seed/manifests.ts";
import { sampleDefinition } from "../seed/sample-definition.ts";

const namespace = "legacy";
const group = "legacy.lab.drover.dev";
const documents = "/var/lib/archive";

/** What clusters bring along from older days: DeploymentConfig, BuildConfig, CronJobs, an NFS volume, a kind of its own. */
export function legacyManifests(): Manifest[] {
  return [
    head("v1", "Namespace", ["", namespace]),
    sampleDefinition({ group, kind: "Printer" }, ["location", "model"]),
    ...archive(),
    ...jobs(),
    {
      ...head(`${group}/v1`, "Printer", [namespace, "front-desk"]),
      spec: { location: "Building 2, ground floor", model: "LaserWriter 4" },
    },
  ];
}

function archive(): Manifest[] {
  const labels = { app: "archive" };
  const mount = { name: "documents", mountPath: documents };
  return [
    {
      ...head("v1", "PersistentVolumeClaim", [namespace, "archive-documents"]),
      spec: {
        accessModes: ["ReadWriteMany"],
        storageClassName: "nfs",
        resources: { requests: { storage: "1Gi" } },
      },
    },
    {
      ...head("v1", "Service", [namespace, "archive"]),
      spec: {
        selector: labels,
        ports: [{ name: "http", protocol: "TCP", port: 8080, targetPort: "http" }],
      },
    },
    {
      ...head("build.openshift.io/v1", "BuildConfig", [namespace, "archive"]),
      spec: {
        source: { type: "Git", git: { uri: "https://git.example.com/legacy/archive.git" } },
        strategy: { type: "Docker", dockerStrategy: { dockerfilePath: "Dockerfile" } },
        output: { to: { kind: "ImageStreamTag", name: "archive:1" } },
        triggers: [{ type: "ConfigChange" }],
      },
    },
    {
      ...head("apps.openshift.io/v1", "DeploymentConfig", [namespace, "archive"]),
      spec: {
        replicas: 1,
        selector: labels,
        strategy: { type: "Recreate" },
        triggers: [{ type: "ConfigChange" }],
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 5,
            initContainers: [register(mount)],
            containers: [
              {
                name: "web",
                image: "drover.lab/http:1",
                env: [{ name: "DOCUMENT_ROOT", value: documents }],
                ports: [{ name: "http", protocol: "TCP", containerPort: 8080 }],
                readinessProbe: { httpGet: { path: "/healthz", port: "http" } },
                volumeMounts: [mount],
              },
            ],
            volumes: [
              { name: "documents", persistentVolumeClaim: { claimName: "archive-documents" } },
            ],
          },
        },
      },
    },
  ];
}

/** Writes the register once; a later start finds it and leaves it alone. */
function register(mount: { name: string; mountPath: string }): Record<string, unknown> {
  const file = `.${documents}/register.txt`;
  const command = `[ -e ${file} ] || { seq -f 'document %g' 500 > ${file}.new && mv ${file}.new ${file}; }`;
  return {
    name: "register",
    image: "drover.lab/shell:1",
    command: ["sh", "-c", command],
    volumeMounts: [mount],
  };
}

function jobs(): Manifest[] {
  return [
    cronJob("nightly-report", { schedule: "30 2 * * *", suspend: true }),
    cronJob("hourly-check", { schedule: "17 * * * *", suspend: false }),
    {
      ...head("batch/v1", "Job", [namespace, "import"]),
      spec: { backoffLimit: 1, template: { spec: task("echo imported 500 documents") } },
    },
  ];
}

function cronJob(name: string, spec: { schedule: string; suspend: boolean }): Manifest {
  const template = { spec: task(`echo ${name} is done`) };
  return {
    ...head("batch/v1", "CronJob", [namespace, name]),
    spec: { ...spec, successfulJobsHistoryLimit: 1, jobTemplate: { spec: { template } } },
  };
}

function task(command: string): Record<string, unknown> {
  const container = { name: "task", image: "drover.lab/shell:1", command: ["sh", "-c", command] };
  return { restartPolicy: "Never", containers: [container] };
}
