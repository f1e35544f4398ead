import { expect, type Page } from "@playwright/test";
import { goTo, rowOf } from "./console.ts";

export type ClusterEntry = {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  readonly caBundle?: string;
};

export async function fillCluster(page: Page, entry: ClusterEntry): Promise<void> {
  await page.getByRole("textbox", { name: "Name" }).fill(entry.name);
  await page.getByRole("textbox", { name: "API server URL" }).fill(entry.url);
  await page.getByLabel(/^Service account token/).fill(entry.token);
  if (entry.caBundle !== undefined) await page.locator("textarea").first().fill(entry.caBundle);
}

export async function addCluster(page: Page, entry: ClusterEntry): Promise<void> {
  await goTo(page, "Clusters");
  await page.getByRole("button", { name: "Add cluster" }).click();
  await fillCluster(page, entry);
  await page.getByRole("button", { name: "Add cluster" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Clusters" })).toBeVisible();
  await expect(rowOf(page, entry.name).getByText("Ready", { exact: true })).toBeVisible();
}
