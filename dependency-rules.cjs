// The arrows of ARCHITECTURE.md, executable. Each rule has a canary in scripts/canaries.
const inside = (path) => `^${path}/`;
const tests = "\\.(test|spec)\\.tsx?$|/testing/|/conformance/";

/** Everything of the workspace that code under `from` may not reach, by the list of what it may. */
const arrows = (name, from, allowed) => ({
  name: `${name}-arrows`,
  comment: `${name} may import ${allowed.length === 0 ? "no other part" : allowed.join(", ")} only.`,
  severity: "error",
  from: { path: inside(from), pathNot: tests },
  to: {
    path: "^(apps|packages|e2e|prisma|scripts|bench)/",
    pathNot: [inside(from), ...allowed.map((part) => inside(`packages/${part}`))],
  },
});

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    arrows("crds", "packages/crds", []),
    arrows("contract", "packages/contract", ["crds"]),
    arrows("kube", "packages/kube", ["crds"]),
    arrows("lab", "packages/lab", ["crds", "kube"]),
    arrows("controller", "apps/controller", ["crds", "kube"]),
    arrows("api", "apps/api", ["crds", "kube", "contract"]),
    arrows("console", "apps/console", ["crds", "contract"]),
    {
      name: "no-app-imports-an-app",
      comment: "API and controller meet only in custom resources; tests are no exception.",
      severity: "error",
      from: { path: "^apps/([^/]+)/" },
      to: { path: "^apps/", pathNot: "^apps/$1/" },
    },
    {
      name: "crds-run-in-a-browser",
      severity: "error",
      from: { path: "^packages/(crds|contract)/src/", pathNot: tests },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "crds-need-zod-only",
      severity: "error",
      from: { path: "^packages/crds/src/", pathNot: tests },
      to: {
        dependencyTypes: [
          "npm",
          "npm-dev",
          "npm-optional",
          "npm-peer",
          "npm-no-pkg",
          "npm-unknown",
        ],
        pathNot: "node_modules/zod/",
      },
    },
    {
      name: "only-kube-knows-client-node",
      severity: "error",
      from: { pathNot: "^packages/kube/" },
      to: { path: "@kubernetes[/+]client-node" },
    },
    {
      name: "only-the-api-knows-prisma",
      severity: "error",
      from: { pathNot: "^apps/api/|^prisma/" },
      to: { path: "@prisma[/+]|^apps/api/src/generated/" },
    },
    {
      name: "nothing-is-installed-yet",
      comment: "These install the packages of the workspace; until then there are none.",
      severity: "error",
      from: { path: "^scripts/(run-tests|launch|run-conformance|fetch-kube-assets)\\.ts$" },
      to: { path: "node_modules/", reachable: true },
    },
    {
      name: "features-are-islands",
      comment: "Two features on one screen meet in composites/.",
      severity: "error",
      from: { path: "^apps/console/src/features/([^/]+)/" },
      to: { path: "^apps/console/src/features/", pathNot: "^apps/console/src/features/$1/" },
    },
    {
      name: "console-layers",
      comment: "app → composites → features → shared",
      severity: "error",
      from: { path: "^apps/console/src/(features|composites|shared)/" },
      to: { path: "^apps/console/src/(app|composites)/", pathNot: "^apps/console/src/composites/" },
    },
    {
      name: "features-know-no-composite",
      severity: "error",
      from: { path: "^apps/console/src/(features|shared)/" },
      to: { path: "^apps/console/src/composites/" },
    },
    {
      name: "shared-knows-no-feature",
      severity: "error",
      from: { path: "^apps/console/src/shared/" },
      to: { path: "^apps/console/src/features/" },
    },
    {
      name: "runtime-knows-no-kind",
      severity: "error",
      from: { path: "^apps/controller/src/runtime/", pathNot: tests },
      to: { path: "^apps/controller/src/(?!runtime/)" },
    },
    {
      name: "manifests-know-no-client",
      severity: "error",
      from: { path: "^apps/controller/src/manifests/", pathNot: tests },
      to: { path: "^packages/kube/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: { pathNot: "/generated/" },
      to: { circular: true },
    },
    {
      name: "no-grab-bags",
      comment: "A file named for nothing has not found its noun.",
      severity: "error",
      from: {},
      to: {
        path: "^(apps|packages|e2e)/.*/(utils?|helpers?|common|misc|types|constants|manager)\\.tsx?$",
      },
    },
    {
      name: "no-barrels-in-apps",
      severity: "error",
      from: {},
      to: { path: "^apps/.*/index\\.tsx?$" },
    },
    {
      name: "packages-have-one-door",
      severity: "error",
      from: { path: "^(apps|packages|e2e)/([^/]+)/" },
      to: { path: "^packages/([^/]+)/src/(?!index\\.ts$)", pathNot: "^$1/$2/" },
    },
    {
      name: "resolves",
      comment: "A name that resolves to nothing would slip through every rule above.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "\\.css$|^#|generated/" },
    },
    {
      name: "tests-stay-outside",
      severity: "error",
      from: { pathNot: `${tests}|^e2e/` },
      to: { path: tests, pathNot: "node_modules" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: {
      path: "^(apps|packages)/[^/]+/(out|\\.next|dist)/|next-env\\.d\\.ts|^scripts/canaries/",
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
