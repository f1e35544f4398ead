import { describe, expect, it } from "vitest";
import { crdManifest, MigrationController, migrationControllerVariables } from "../index.ts";
import { variableTopics } from "../index.ts";

/** How many variables the documents name, topic by topic. */
const DOCUMENTED = {
  limits: 3,
  exclusion: 6,
  rsync: 8,
  transferPods: 12,
  endpoint: 6,
  resize: 3,
  proxy: 7,
  registry: 3,
  controllerPod: 8,
  console: 9,
  velero: 22,
  components: 25,
  images: 35,
  legacy: 17,
};

const variables = Object.entries(migrationControllerVariables);

describe("the variables of the MigrationController", () => {
  it("are all that the documents name, each in one topic", () => {
    const counts = Object.entries(variableTopics).map(([topic, named]) => [
      topic,
      Object.keys(named).length,
    ]);
    expect(Object.fromEntries(counts)).toEqual(DOCUMENTED);
    const total = Object.values(DOCUMENTED).reduce((sum, count) => sum + count, 0);
    expect(variables).toHaveLength(total);
  });

  it.each(variables)("says what it is for, who reads it and where it goes: %s", (_, variable) => {
    expect(variable.about).toMatch(/^\S+ .*\.$/s);
    expect(variable.setsOn).not.toBe("");
    expect(variable.readBy === "nobody").toBe(variable.legacy === true);
  });

  it("are described in the CustomResourceDefinition, which keeps what it does not know", () => {
    const schema = crdManifest(MigrationController).spec.versions[0]?.schema?.openAPIV3Schema;
    const spec = (schema as { properties: { spec: object } }).properties.spec;
    const described = variables.map(([name, { about }]) => [
      name,
      expect.objectContaining({ description: expect.stringContaining(about) as string }) as object,
    ]);
    expect(spec).toMatchObject({
      "x-kubernetes-preserve-unknown-fields": true,
      properties: Object.fromEntries(described),
    });
  });
});
