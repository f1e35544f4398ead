import { expect, type Page } from "@playwright/test";
import { goTo, rowOf } from "./console.ts";

export type RepositoryEntry = {
  readonly name: string;
  readonly url: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
};

export async function fillRepository(page: Page, entry: RepositoryEntry): Promise<void> {
  await page.getByRole("textbox", { name: "Name" }).fill(entry.name);
  await page.getByRole("textbox", { name: "S3 endpoint" }).fill(entry.url);
  await page.getByRole("textbox", { name: "Bucket" }).fill(entry.bucket);
  await page.getByLabel(/^Access key/).fill(entry.accessKey);
  await page.getByLabel(/^Secret key/).fill(entry.secretKey);
}

export async function addRepository(page: Page, entry: RepositoryEntry): Promise<void> {
  await goTo(page, "Replication repositories");
  await page.getByRole("button", { name: "Add replication repository" }).first().click();
  await fillRepository(page, entry);
  await page.getByRole("button", { name: "Add replication repository" }).click();
  await expect(
    page.getByRole("heading", { level: 1, name: "Replication repositories" }),
  ).toBeVisible();
  await expect(rowOf(page, entry.name).getByText("Ready", { exact: true })).toBeVisible();
}
