import { expect, test, type Page } from "@playwright/test";
import { fillCluster } from "../screens/clusters.ts";
import { goTo, rowOf, signIn } from "../screens/console.ts";
import { fillRepository } from "../screens/repositories.ts";
import { connectionTo } from "../world/clusters.ts";
import { tryKubectl } from "../world/kubectl.ts";
import { labRepository } from "../world/object-store.ts";

const MTC = "openshift-migration";

async function openClusterForm(page: Page): Promise<void> {
  await goTo(page, "Clusters");
  await page.getByRole("button", { name: "Add cluster" }).click();
}

const check = (page: Page) => page.getByRole("button", { name: "Check connection" }).click();

test.beforeEach(async ({ page }) => {
  await signIn(page, "admin");
});

test("a wrong URL, token or certificate is named before anything is saved", async ({ page }) => {
  const { url, caPem = "" } = connectionTo("edge");
  await openClusterForm(page);
  await fillCluster(page, { name: "nowhere", url: "http://edge", token: "x" });
  await page.getByRole("button", { name: "Add cluster" }).click();
  await expect(page.getByText("The URL must begin with https://.")).toBeVisible();

  await fillCluster(page, { name: "nowhere", url: "https://127.0.0.1:1", token: "x" });
  await check(page);
  await expect(page.getByText(/refused/i).first()).toBeVisible();

  await fillCluster(page, { name: "nowhere", url, token: "x" });
  await check(page);
  await expect(
    page.getByText("The server showed a certificate that is not trusted yet"),
  ).toBeVisible();

  await fillCluster(page, { name: "nowhere", url, token: "wrong", caBundle: caPem });
  await check(page);
  await expect(
    page
      .getByText(/token/i)
      .filter({ hasText: /not accepted|refused|does not/i })
      .first(),
  ).toBeVisible();

  const { stderr } = await tryKubectl("host", ["get", "migcluster", "nowhere", "-n", MTC]);
  expect(stderr).toContain("NotFound");
});

test("a name that is taken is refused at the field, and nothing is half-written", async ({
  page,
}) => {
  const { url } = connectionTo("source");
  await openClusterForm(page);
  await fillCluster(page, { name: "source", url, token: "x" });
  await page.getByRole("button", { name: "Add cluster" }).click();
  await expect(page.getByText("This name is taken.")).toBeVisible();
});

test("a bucket that does not exist is named on the repository", async ({ page }) => {
  await goTo(page, "Replication repositories");
  await page.getByRole("button", { name: "Add replication repository" }).first().click();
  await fillRepository(page, { ...labRepository("no-bucket"), bucket: "no-such-bucket" });
  await page.getByRole("button", { name: "Add replication repository" }).click();
  await rowOf(page, "no-bucket").getByText("Not ready").click();
  await expect(page.getByText(/no-such-bucket.*(does not exist|no bucket)/i).first()).toBeVisible();

  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Actions for no-bucket" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(rowOf(page, "no-bucket")).toHaveCount(0);
});
