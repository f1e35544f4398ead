import type { Metadata } from "next";
import { NewRepositoryScreen } from "../../../features/repositories/repository-pages.tsx";

export const metadata: Metadata = { title: "Add replication repository" };

export default function NewRepositoryPage() {
  return <NewRepositoryScreen />;
}
