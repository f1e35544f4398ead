import { describe, expect, it } from "vitest";
import {
  claimMappings,
  convertedClaimName,
  cutName,
  dns1123LabelProblem,
  dns1123SubdomainProblem,
  formatMapping,
  freeHookPhases,
  httpUrlProblem,
  imageProblem,
  labelValueProblem,
  mappingProblems,
  parseMapping,
  veleroNamespaceMapping,
} from "./index.ts";

describe("a mapping", () => {
  it.each([
    ["shop", "shop", "shop", "shop"],
    ["shop:store", "shop", "store", "shop:store"],
    ["shop:shop", "shop", "shop", "shop"],
    ["shop:", "shop", "shop", "shop"],
    ["shop:store:more", "shop", "store", "shop:store"],
    ["", "", "", ""],
  ])("%s goes from %s to %s", (...[entry, source, destination, written]) => {
    expect(parseMapping(entry)).toEqual({ source, destination });
    expect(formatMapping(parseMapping(entry))).toBe(written);
  });

  it("reaches Velero only where the names differ", () => {
    expect(veleroNamespaceMapping(["a", "b:c", "d:d", ":e"])).toEqual({ b: "c" });
    expect(veleroNamespaceMapping(["a", "d:d"])).toBeUndefined();
    expect(veleroNamespaceMapping(undefined)).toBeUndefined();
  });

  it.each([
    [["a", "b:c"], []],
    [["a", "a:b"], ["DuplicateNamespaceOnSourceCluster"]],
    [["a:x", "b:x"], ["DuplicateNamespaceOnDestinationCluster"]],
    [["a:b", "b"], ["DuplicateNamespaceOnDestinationCluster"]],
    [["a:Shop_2"], ["NamespaceNotDNSCompliant"]],
    [[`a:${"n".repeat(64)}`], ["NamespaceNotDNSCompliant"]],
  ])("list %j has the problems %j", (entries, types) => {
    expect(mappingProblems(entries).map(({ type }) => type)).toEqual(types);
  });
});

describe("the claims of a plan", () => {
  const volume = { supported: { actions: ["copy"], copyMethods: ["filesystem"] } };

  it("carry both names and both namespaces; skipped ones are left out", () => {
    const plan = {
      spec: {
        namespaces: ["shop:store", "other"],
        persistentVolumes: [
          {
            ...volume,
            selection: { action: "copy" },
            pvc: { namespace: "shop", name: "data:files" },
          },
          { ...volume, selection: { action: "skip" }, pvc: { namespace: "shop", name: "cache" } },
          { ...volume, selection: {}, pvc: { namespace: "other", name: "logs" } },
        ],
      },
    };
    expect(claimMappings(plan).map(({ namespace, claim }) => [namespace, claim])).toEqual([
      [
        { source: "shop", destination: "store" },
        { source: "data", destination: "files" },
      ],
      [
        { source: "other", destination: "other" },
        { source: "logs", destination: "logs" },
      ],
    ]);
  });

  it.each([
    ["data", "data-mig-ab12"],
    ["data-new", "data-mig-ab12"],
    ["data-mig-zz99", "data-mig-ab12"],
    ["data-mig-toolong", "data-mig-toolong-mig-ab12"],
  ])("%s is converted into %s", (name, converted) => {
    expect(convertedClaimName(name, "ab12")).toBe(converted);
  });

  it("never get a name longer than Kubernetes allows", () => {
    expect(convertedClaimName("n".repeat(253), "ab12")).toHaveLength(253);
  });
});

describe("a name", () => {
  it.each([
    ["shop", undefined],
    ["a".repeat(63), undefined],
    ["", "A name is needed."],
    ["a".repeat(64), `"${"a".repeat(64)}" has 64 characters; at most 63 are allowed.`],
    [
      "Shop",
      '"Shop" may have only lower-case letters, digits and hyphens, and must begin and end with a letter or digit.',
    ],
    [
      "shop-",
      '"shop-" may have only lower-case letters, digits and hyphens, and must begin and end with a letter or digit.',
    ],
    [
      "a.b",
      '"a.b" may have only lower-case letters, digits and hyphens, and must begin and end with a letter or digit.',
    ],
  ])("as a label: %j", (name, problem) => {
    expect(dns1123LabelProblem(name)).toBe(problem);
  });

  it("as a subdomain may have dots between parts only", () => {
    expect(dns1123SubdomainProblem("a.b-c.d")).toBeUndefined();
    for (const name of ["a..b", ".a", "a.", "a.-b"])
      expect(dns1123SubdomainProblem(name)).toContain("dots");
    expect(dns1123SubdomainProblem("a".repeat(254))).toContain("at most 253");
  });

  it("as the value of a label may be empty", () => {
    expect(labelValueProblem("")).toBeUndefined();
    expect(labelValueProblem("A_b.c-1")).toBeUndefined();
    expect(labelValueProblem("-a")).toContain("begin and end");
    expect(labelValueProblem("a".repeat(64))).toContain("at most 63");
  });

  it("is cut without leaving a hyphen or dot behind", () => {
    expect(cutName("stage-run-1", 6)).toBe("stage");
    expect(cutName("short", 10)).toBe("short");
  });
});

describe("what a hook or cluster is given", () => {
  it.each([
    "hook",
    "quay.io/konveyor/hook-runner:latest",
    "localhost:5000/a/b_c:1.0",
    `a@sha256:${"0".repeat(64)}`,
  ])("image %s is well formed", (image) => {
    expect(imageProblem(image)).toBeUndefined();
  });

  it.each(["", "Hook", "a b", "a:", "http://a/b", `a@sha256:${"0".repeat(8)}`, "a/".repeat(600)])(
    "image %j is refused",
    (image) => {
      expect(imageProblem(image)).toContain("is not an image name");
    },
  );

  it("a URL must be http or https", () => {
    expect(httpUrlProblem("https://api.example.com:6443")).toBeUndefined();
    expect(httpUrlProblem("ftp://example.com")).toBe(
      '"ftp://example.com" must begin with http:// or https://.',
    );
    expect(httpUrlProblem("api.example.com")).toContain("is not a URL");
  });

  it("a phase is free until a hook has it", () => {
    const hook = {
      reference: {},
      executionNamespace: "a",
      serviceAccount: "b",
      phase: "PostBackup",
    };
    expect(freeHookPhases([hook])).toEqual(["PreBackup", "PreRestore", "PostRestore"]);
    expect(freeHookPhases(undefined)).toHaveLength(4);
  });
});
