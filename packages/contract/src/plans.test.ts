import { expect, test } from "vitest";
import { CreatePlan } from "./plans.ts";
import { BucketName } from "./storages.ts";

const plan = {
  name: "books",
  type: "full",
  source: "prod",
  target: "new",
  storage: "store",
  namespaces: [{ source: "ledger", target: "books" }],
};

test("a plan without namespaces is refused", () => {
  const result = CreatePlan.safeParse({ ...plan, namespaces: [] });
  expect(result.error?.issues[0]?.message).toBe("Choose at least one namespace.");
});

test("two sources that go to one target are refused at the second", () => {
  const namespaces = [...plan.namespaces, { source: "shop", target: "books" }];
  const [issue] = CreatePlan.safeParse({ ...plan, namespaces }).error?.issues ?? [];
  expect(issue?.path).toEqual(["namespaces", 1, "target"]);
  expect(issue?.message).toContain("ledger already goes to books");
});

test("fields nobody knows are refused", () => {
  expect(CreatePlan.safeParse({ ...plan, colour: "red" }).success).toBe(false);
});

test.each(["ab", "Upper", "has_underscore", "double..dot", "192.168.0.1", "ends-"])(
  "%s is no bucket name",
  (name) => {
    expect(BucketName.safeParse(name).success).toBe(false);
  },
);
